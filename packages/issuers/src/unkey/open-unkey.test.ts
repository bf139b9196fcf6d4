import { Unkey } from '@unkey/api';
import { expect, test } from 'vitest';
import { aCommand } from '../testing/a-command.ts';
import { describeIssuerFaults } from '../testing/describe-issuer-faults.ts';
import { describeKeyIssuer } from '../testing/describe-key-issuer.ts';
import { type DoubleRequest, startIssuerDouble } from '../testing/issuer-double.ts';
import { openUnkey } from './open-unkey.ts';

const rootKey = 'unkey_root_made_up';
const meta = { requestId: 'req_2c9a0jf23l4k567' };
const problem = (status: number, type: string) => ({
  status,
  body: { meta, error: { status, type: `https://unkey.com/docs/errors/${type}`, title: 'x', detail: 'x' } },
});

/** Unkey as its reference describes it: unknown fields are refused, a change takes the key as it is. */
async function startUnkey() {
  const keys = new Map<string, { enabled: boolean; updatedAt: number; meta: object }>();
  const answer = ({ url, headers, body }: DoubleRequest) => {
    if (headers.authorization !== `Bearer ${rootKey}`)
      return problem(401, 'unkey/authentication/key_not_found');
    const { keyId, ...fields } = JSON.parse(body) as { keyId: string; enabled?: boolean; decrypt?: boolean };
    const known = url.pathname === '/v2/keys.getKey' ? ['decrypt'] : ['enabled'];
    if (Object.keys(fields).some((field) => !known.includes(field))) {
      return problem(400, 'unkey/application/invalid_input');
    }
    const key = keys.get(keyId);
    if (!key) return problem(404, 'unkey/data/key_not_found');
    if (url.pathname === '/v2/keys.getKey') {
      return { status: 200, body: { meta, data: { keyId, start: 'made_', createdAt: 1, ...key } } };
    }
    if (fields.enabled !== undefined) key.enabled = fields.enabled;
    key.updatedAt++;
    return { status: 200, body: { meta, data: {} } };
  };
  const double = await startIssuerDouble(answer, ({ url }) => url.pathname === '/v2/keys.updateKey', {
    ...problem(429, 'user/too_many_requests/workspace_rate_limited'),
    headers: { 'retry-after': '3' },
  });
  return { ...double, keys };
}

describeKeyIssuer(
  'Unkey',
  async () => {
    const unkey = await startUnkey();
    let count = 0;
    return {
      ...unkey,
      issuer: openUnkey({ name: 'unkey', rootKey, url: unkey.url }),
      addKey(changes) {
        const keyId = `key_${++count}`;
        const protectedMeta = changes?.protected ? { tripkey_protected: true } : {};
        unkey.keys.set(keyId, { enabled: true, updatedAt: 1, meta: protectedMeta });
        return keyId;
      },
    };
  },
  { actions: ['disable', 'enable'], idempotency: 'by_state' },
);

describeIssuerFaults('Unkey', (url, timeoutMs) => openUnkey({ name: 'unkey', rootKey, url, timeoutMs }));

test('what stands in for Unkey answers as its published client expects', async () => {
  const unkey = await startUnkey();
  unkey.keys.set('key_1', { enabled: true, updatedAt: 1, meta: {} });
  const client = new Unkey({ rootKey, serverURL: unkey.url, retryConfig: { strategy: 'none' } });
  await client.keys.updateKey({ keyId: 'key_1', enabled: false });
  expect((await client.keys.getKey({ keyId: 'key_1', decrypt: false })).data).toMatchObject({
    keyId: 'key_1',
    enabled: false,
  });
  await expect(client.keys.getKey({ keyId: 'key_2' })).rejects.toMatchObject({ statusCode: 404 });
  await unkey.close();
});

test('a wrong root key is not mistaken for a key that is not there', async () => {
  const unkey = await startUnkey();
  const issuer = openUnkey({ name: 'unkey', rootKey: 'another', url: unkey.url });
  expect(await issuer.read('key_1')).toMatchObject({ state: 'unknown', why: 'unauthorized' });
  const refused = await issuer.act(aCommand({ keyId: 'key_1' }));
  expect(refused).toMatchObject({ kind: 'refused', code: 'unauthorized' });
  expect(JSON.stringify(refused)).not.toContain('another');
  await unkey.close();
});

test('the secret of a key is never asked for', async () => {
  const unkey = await startUnkey();
  await openUnkey({ name: 'unkey', rootKey, url: unkey.url }).read('key_1');
  expect(unkey.requests.map(({ body }) => JSON.parse(body))).toEqual([{ keyId: 'key_1', decrypt: false }]);
  await unkey.close();
});
