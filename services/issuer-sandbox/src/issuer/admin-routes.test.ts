import { KeyRecord } from '@tripkey/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aSandbox, type TestSandbox, tokens } from '../testing/a-sandbox.ts';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await aSandbox();
});
afterEach(() => sandbox.close());

const post = (body: unknown, token: string = tokens.admin) =>
  sandbox.call('/admin/keys', token, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

test('a key is made with its secret in the answer, and the secret opens the API', async () => {
  const response = await post({ name: 'CRM sync', owner: 'crm@acme.example', scopes: ['read:leads'] });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { key, secret } = (await response.json()) as { key: unknown; secret: string };
  expect(KeyRecord.parse(key)).toMatchObject({ name: 'CRM sync', status: 'active', scopes: ['read:leads'] });
  expect(secret).toMatch(/^tk_demo_[\w-]{43}$/);
  expect((await sandbox.call('/v1/leads', secret)).status).toBe(200);
});

test('the list has a KeyRecord a line and no secret', async () => {
  const { secret } = await sandbox.createKey(sandbox.wish);
  await sandbox.createKey({ ...sandbox.wish, keyId: 'key_given' });
  const list = await (await sandbox.call('/admin/keys', tokens.admin)).text();
  const records = list
    .trimEnd()
    .split('\n')
    .map((line) => KeyRecord.strict().parse(JSON.parse(line)));
  expect(records.map((record) => record.key_id)).toContain('key_given');
  expect(list).not.toContain(secret);
  expect(records).toEqual(sandbox.listKeys());
});

test('an id can be given, once', async () => {
  expect((await post({ key_id: 'key_given' })).status).toBe(201);
  const again = await post({ key_id: 'key_given' });
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: 'key_exists' });
});

test.each([
  ['the id of unknown keys', { key_id: 'unknown' }],
  ['an id with spaces', { key_id: 'a key' }],
  ['a scope that is none', { scopes: ['everything'] }],
  ['a field of its own', { secret_sha256: 'chosen' }],
  ['no JSON', '{'],
])('a wish with %s is refused', async (_, wish) => {
  const response = await post(wish);
  expect(response.status).toBe(422);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(sandbox.listKeys()).toEqual([]);
});

test('nobody else comes in', async () => {
  for (const token of ['', 'admin-token-for-test', `${tokens.admin}x`, tokens.issuer]) {
    expect((await post({}, token)).status).toBe(401);
  }
  expect((await sandbox.call('/v1/keys/key_1', tokens.admin)).status).toBe(401);
  await expect(aSandbox({ adminToken: 'short' })).rejects.toThrow(RangeError);
});
