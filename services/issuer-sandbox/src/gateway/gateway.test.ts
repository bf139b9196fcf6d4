import { RequestEvent } from '@tripkey/contract';
import { openGenericIssuer } from '@tripkey/issuers/generic';
import { aCommand } from '@tripkey/issuers/testing';
import { eventually } from '@tripkey/service-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aSandbox, type TestSandbox, tokens } from '../testing/a-sandbox.ts';

let sandbox: TestSandbox;
let secret: string;
let keyId: string;

beforeEach(async () => {
  sandbox = await aSandbox({ trustForwardedFor: true });
  const created = await sandbox.createKey(sandbox.wish);
  secret = created.secret;
  keyId = created.record.key_id;
});
afterEach(() => sandbox.close());

const issuer = () => openGenericIssuer({ name: 'sandbox', url: sandbox.url, token: tokens.issuer });

/** The events, when as many requests as expected were told. */
const told = (count: number) =>
  eventually(() => {
    expect(sandbox.events).toHaveLength(count);
    return sandbox.events;
  });

describe('a key', () => {
  test.each(['authorization', 'x-api-key'])('opens what it may, sent as %s', async (header) => {
    const value = header === 'authorization' ? `Bearer ${secret}` : secret;
    const response = await sandbox.call('/v1/leads/1007', undefined, { headers: { [header]: value } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: 1_007 });
  });

  test.each([
    ['GET', '/v1/leads', 200, 'valid'],
    ['HEAD', '/v1/leads', 200, 'valid'],
    ['DELETE', '/v1/leads/1000', 204, 'valid'],
    ['GET', '/v1/deals', 403, 'insufficient_permissions'],
    ['POST', '/v1/workflows/1/trigger', 403, 'insufficient_permissions'],
    ['GET', '/v1/leads/1', 404, 'valid'],
    ['PUT', '/v1/leads/1000', 405, 'valid'],
    ['GET', '/v1/nothing', 404, 'valid'],
  ])('with scopes for leads asks %s %s and gets %d', async (method, path, status, outcome) => {
    expect((await sandbox.call(path, secret, { method })).status).toBe(status);
    expect((await told(1))[0]).toMatchObject({ method, status, outcome, key_id: keyId, path });
  });

  test('that only reads cannot write', async () => {
    const { secret: reading } = await sandbox.createKey({ ...sandbox.wish, scopes: ['read:leads'] });
    const lead = { name: 'A', email: 'a@mail.example', company: 'B', source: 'phone', status: 'new' };
    const init = {
      method: 'POST',
      body: JSON.stringify(lead),
      headers: { 'content-type': 'application/json' },
    };
    const refused = await sandbox.call('/v1/leads', reading, init);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'insufficient_permissions', status: 403 });
    expect((await sandbox.call('/v1/leads', secret, init)).status).toBe(201);
  });

  test('may ask as often as its rate says, and again when time has passed', async () => {
    const { secret: slow } = await sandbox.createKey({ ...sandbox.wish, rateLimit: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await sandbox.call('/v1/leads', slow)).status);
    expect(statuses).toEqual([200, 200, 429]);
    await sandbox.clock.advance(30_000);
    expect((await sandbox.call('/v1/leads', slow)).status).toBe(200);
    expect((await told(4)).map(({ outcome }) => outcome)).toEqual([
      'valid',
      'valid',
      'rate_limited',
      'valid',
    ]);
  });

  test('stops when its time is over', async () => {
    const expiresAt = new Date(sandbox.clock.now() + 60_000).toISOString();
    const { secret: short } = await sandbox.createKey({ ...sandbox.wish, expiresAt });
    expect((await sandbox.call('/v1/leads', short)).status).toBe(200);
    await sandbox.clock.advance(60_000);
    expect((await sandbox.call('/v1/leads', short)).status).toBe(401);
    expect((await told(2))[1]).toMatchObject({ outcome: 'expired' });
  });
});

describe('a key that is disabled', () => {
  const ask = async () => (await sandbox.call('/v1/leads', secret)).status;

  test('works on for the cache time that the issuer names, then no longer', async () => {
    expect(await ask()).toBe(200);
    await issuer().act(aCommand({ keyId }));
    const { propagationMs } = await issuer().capabilities();
    await sandbox.clock.advance(propagationMs - 1);
    expect(await ask()).toBe(200);
    await sandbox.clock.advance(1);
    expect(await ask()).toBe(401);
    expect((await told(3))[2]).toMatchObject({ key_id: keyId, status: 401, outcome: 'disabled' });
  });

  test('works again when that is undone', async () => {
    await issuer().act(aCommand({ keyId }));
    expect(await ask()).toBe(401);
    await issuer().act(aCommand({ keyId, action: 'enable' }));
    await sandbox.clock.advance(10_000);
    expect(await ask()).toBe(200);
  });
});

describe('what Tripkey is told', () => {
  test('is an event of the contract, with the route and the address that the proxy names', async () => {
    await sandbox.call('/v1/leads/1000?email=a@mail.example', secret, {
      headers: { 'x-forwarded-for': '198.51.100.77', 'user-agent': 'thief/1' },
    });
    const [event] = await told(1);
    expect(RequestEvent.parse(event)).toMatchObject({
      key_id: keyId,
      account_id: 'acct_acme',
      app_id: 'app_forms',
      method: 'GET',
      route: '/v1/leads/{id}',
      path: '/v1/leads/1000',
      status: 200,
      outcome: 'valid',
      client_ip: '198.51.100.77',
      user_agent: 'thief/1',
      gateway: 'sandbox-1',
      gateway_seq: 1,
    });
    expect(event?.bytes_out).toBeGreaterThan(50);
  });

  test.each(['tk_demo_made-up-by-somebody', '', undefined])(
    'never holds what was sent as a key: %s',
    async (sent) => {
      expect((await sandbox.call('/v1/leads', sent)).status).toBe(401);
      const [event] = await told(1);
      expect(event).toMatchObject({
        key_id: 'unknown',
        outcome: 'unknown_key',
        status: 401,
        route: '/v1/leads',
      });
      expect(JSON.stringify(event)).not.toContain('made-up');
    },
  );

  test('ignores the proxy header unless it is to be believed', async () => {
    const direct = await aSandbox();
    await direct.call('/v1/leads', undefined, { headers: { 'x-forwarded-for': '198.51.100.77' } });
    await eventually(() => expect(direct.events[0]).toMatchObject({ client_ip: '127.0.0.1' }));
    await direct.close();
  });

  test('does not include calls of the issuer and the administration', async () => {
    await issuer().read(keyId);
    await sandbox.call('/admin/keys', tokens.admin);
    await sandbox.call('/readyz');
    await sandbox.call('/v1/leads', secret);
    expect(await told(1)).toMatchObject([{ path: '/v1/leads' }]);
  });
});

test('a body that cannot be read is refused without being repeated', async () => {
  const init = {
    method: 'POST',
    body: '{"secret": nonsense',
    headers: { 'content-type': 'application/json' },
  };
  const response = await sandbox.call('/v1/leads', secret, init);
  expect(response.status).toBe(400);
  expect(await response.text()).not.toContain('nonsense');
});
