import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { beforeAll, describe, expect, test } from 'vitest';
import { openGenericIssuer } from '../generic/open-generic-issuer.ts';
import { serveIssuer } from '../generic/serve-issuer.ts';
import { verifyIssuer } from '../generic/verify-issuer.ts';
import { aCommand } from '../testing/a-command.ts';
import { describeKeyIssuer } from '../testing/describe-key-issuer.ts';
import { type BetterAuthInstance, openBetterAuth } from './open-better-auth.ts';

const token = 'token-of-the-door-made-up';

/** A Better Auth as its users set it up, on SQLite in memory. */
function makeAuth() {
  return betterAuth({
    database: new DatabaseSync(':memory:'),
    secret: 'a secret of the test, long enough',
    baseURL: 'http://127.0.0.1',
    emailAndPassword: { enabled: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [apiKey({ rateLimit: { enabled: false } })],
  });
}
let auth: ReturnType<typeof makeAuth>;
let userId: string;
beforeAll(async () => {
  auth = makeAuth();
  await (await getMigrations(auth.options)).runMigrations();
  const signedUp = await auth.api.signUpEmail({
    body: { name: 'Ada', email: 'ada@mail.example', password: 'correct horse battery' },
  });
  userId = signedUp.user.id;
});

const newKey = (expiresIn?: number) =>
  auth.api.createApiKey({ body: { name: 'crm', userId, ...(expiresIn ? { expiresIn } : {}) } });
const works = async (key: string) => (await auth.api.verifyApiKey({ body: { key } })).valid;
const instance = () => auth as unknown as BetterAuthInstance;
const issuer = () => openBetterAuth({ name: 'ours', auth: instance() });

test('a real key really stops working, and works again', async () => {
  const { id: keyId, key } = await newKey();
  expect(await works(key)).toBe(true);
  expect(await issuer().act(aCommand({ keyId }))).toEqual({ kind: 'done', state: 'disabled' });
  expect(await works(key)).toBe(false);
  expect(await issuer().act(aCommand({ keyId, action: 'enable' }))).toEqual({
    kind: 'done',
    state: 'active',
  });
  expect(await works(key)).toBe(true);
});

test('a key with an end reads as expiring', async () => {
  const { id: keyId } = await newKey(86_400 * 2);
  expect((await issuer().read(keyId)).state).toBe('expiring');
});

/** Better Auth whose next update is lost on its way back, or is turned away. */
function withMishaps() {
  const mishaps: ('lose' | 'limit')[] = [];
  const failing: BetterAuthInstance = {
    $context: instance().$context,
    api: {
      async updateApiKey(input) {
        const mishap = mishaps.shift();
        if (mishap === 'limit') throw Object.assign(new Error('slow down'), { statusCode: 429 });
        const updated = await instance().api.updateApiKey(input);
        if (mishap === 'lose') throw new Error('the database went away');
        return updated;
      },
    },
  };
  const loseNextReply = () => void mishaps.push('lose');
  const rateLimitNext = () => void mishaps.push('limit');
  return { failing, loseNextReply, rateLimitNext };
}

describeKeyIssuer(
  'Better Auth',
  () => {
    const { failing, ...mishaps } = withMishaps();
    return {
      ...mishaps,
      issuer: openBetterAuth({ name: 'ours', auth: failing }),
      strangeKeyId: randomUUID(),
      addKey: async () => (await newKey()).id,
    };
  },
  { actions: ['disable', 'enable'], idempotency: 'by_state', protects: false, versions: false },
);

describe('served by the generic contract', () => {
  const door = () => {
    const handle = serveIssuer({ issuer: issuer(), token });
    return {
      handle,
      fetch: ((url: URL, init: RequestInit) => handle(new Request(url, init))) as typeof fetch,
    };
  };

  test('it keeps every promise of the contract', async () => {
    const { id: keyId, key } = await newKey();
    const url = 'https://app.example/issuer';
    const cases = await verifyIssuer({ url, token, keyId, fetch: door().fetch });
    expect(cases.filter(({ ok }) => !ok)).toEqual([]);
    expect(await works(key)).toBe(true);
  });

  test('a key stops working by the way that Tripkey takes', async () => {
    const { id: keyId, key } = await newKey();
    const url = 'https://app.example';
    const generic = openGenericIssuer({ name: 'ours', url, token, fetch: door().fetch });
    expect(await generic.act(aCommand({ keyId }))).toMatchObject({ kind: 'done', state: 'disabled' });
    expect(await works(key)).toBe(false);
  });
});

test('a database that does not answer leaves everything open', async () => {
  const broken: BetterAuthInstance = {
    $context: Promise.resolve({ adapter: { findOne: () => Promise.reject(new Error('down')) } }),
    api: instance().api,
  };
  const down = openBetterAuth({ name: 'ours', auth: broken });
  expect(await down.read('key_1')).toMatchObject({ state: 'unknown', why: 'unavailable' });
  expect(await down.act(aCommand({ keyId: 'key_1' }))).toMatchObject({ kind: 'retry', ambiguous: false });
});
