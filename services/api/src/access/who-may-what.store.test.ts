import { type Route, roles, routes, scopes, scopesOf } from '@tripkey/contract/api';
import { systemClock } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import { stateOf, TokenBook } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';

const bodies: Readonly<Record<string, unknown>> = {
  signInByToken: { token: 'tripkey_made-up-and-long-enough' },
  snoozeIncident: { minutes: 5 },
  resolveIncident: { reason: 'false_positive' },
  mergeIncident: { into: 'inc_made_up' },
  startBacktest: { from: '2026-03-02T00:00:00Z', to: '2026-03-02T00:10:00Z' },
  solveBudget: { pages_per_week: 5 },
  addSilence: { minutes: 5, reason: 'a test', key_id: 'key_made_up' },
  turnKillSwitch: { on: false, reason: 'a test' },
  checkPolicy: { yaml: 'rules: []' },
  tryPolicy: { yaml: 'rules: []' },
  runQuery: { sql: 'SELECT 1' },
  createToken: { name: 'a test', scopes: ['read'] },
};
const all: readonly Route[] = routes;
/** What is said when somebody may not; anything else, also that there is no such thing, means that they may. */
const turnedAway = ['api.unauthenticated', 'api.forbidden', 'api.csrf'];

let under: ApiUnderTest;
let wishes = 0;
beforeAll(async () => {
  under = await anApi(clickHouseConfig(), {
    settings: {
      ...{ trustedProxies: ['127.0.0.1'], proxyUsers: {} },
      groups: Object.fromEntries(roles.map((role) => [role, [role]])),
    },
  });
}, 60_000);
afterAll(() => under[Symbol.asyncDispose]());

/** Calls a route with things that do not exist; says why it was turned away, or null when it was not. */
async function attempt(route: Route, headers: Record<string, string>): Promise<string | null> {
  const body = route.body ? (bodies[route.id] ?? { reason: 'a test' }) : undefined;
  const response = await fetch(
    under.url + route.path.replace(/\{\w+\}/g, 'made-up-made-up-made-up-made-up-'),
    {
      method: route.method.toUpperCase(),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        'idempotency-key': `made-up-${wishes++}`,
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  if (!(response.headers.get('content-type') ?? '').includes('problem+json')) {
    await response.body?.cancel();
    return null;
  }
  const { code } = (await response.json()) as { code: string };
  return turnedAway.includes(code) ? code : null;
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

describe('the table of routes says who may do what:', () => {
  test.each(roles)(
    'a %s, on every route',
    async (role) => {
      const person = {
        'x-auth-request-email': `${role}@example.com`,
        'x-auth-request-groups': role,
        'x-csrf-token': 'same-origin',
      };
      const said = [];
      for (const route of all) said.push([route.id, await attempt(route, person)]);
      expect(said).toEqual(
        all.map(({ id, access }) => {
          const may = access === 'anybody' || access === 'signed_in' || scopesOf(role).includes(access);
          // Exchanging a token asks for one that works, whoever asks.
          return [id, id === 'signInByToken' ? 'api.unauthenticated' : may ? null : 'api.forbidden'];
        }),
      );
    },
    120_000,
  );

  test('a token with the one scope, and one with all others, on every route', async () => {
    for (const scope of scopes) {
      const [only, without] = await Promise.all([
        under.token(scope),
        under.token(...scopes.filter((other) => other !== scope)),
      ]);
      for (const route of all.filter(({ access }) => access === scope)) {
        expect([route.id, await attempt(route, bearer(only))]).toEqual([route.id, null]);
        expect([route.id, await attempt(route, bearer(without))]).toEqual([route.id, 'api.forbidden']);
      }
    }
  }, 120_000);

  test('nobody, and tokens that are unknown, expired, revoked or rotated away, on every route', async () => {
    const { tokens } = under.api;
    const wish = { name: 'ended', scopes, by: 'test' };
    const expired = await tokens.create({ ...wish, expiresAt: 1 });
    const revoked = await tokens.create({ ...wish, expiresAt: null });
    await tokens.revoke(revoked.token.token_id);
    const rotated = await tokens.create({ ...wish, expiresAt: null });
    await tokens.rotate(rotated.token.token_id, 0);
    const bad = [
      {},
      bearer('tripkey_made-up'),
      bearer(expired.secret),
      bearer(revoked.secret),
      bearer(rotated.secret),
      { cookie: 'tripkey_session=made-up' },
      { authorization: 'Basic bWFkZTp1cA==' },
    ];
    for (const headers of bad) {
      for (const route of all.filter(({ access }) => access !== 'anybody')) {
        expect([route.id, await attempt(route, headers as Record<string, string>)]).toEqual([
          route.id,
          'api.unauthenticated',
        ]);
      }
    }
  }, 120_000);

  test('a person without their own word changes nothing', async () => {
    const person = { 'x-auth-request-email': 'a@example.com', 'x-auth-request-groups': 'admin' };
    for (const route of all.filter(({ access, method }) => access !== 'anybody' && method !== 'get'))
      expect([route.id, await attempt(route, person)]).toEqual([route.id, 'api.csrf']);
  });

  test('a rotated token works with both secrets while they overlap, and then with the new one', async () => {
    const { tokens } = under.api;
    const { token, secret } = await tokens.create({
      name: 'r',
      scopes: ['read'],
      by: 'test',
      expiresAt: null,
    });
    const renewed = await tokens.rotate(token.token_id, Date.now() + 60_000);
    for (const one of [secret, renewed!.secret])
      expect((await under.call('GET', '/v1/session', { token: one })).status).toBe(200);
    await tokens.rotate(token.token_id, 0);
    expect((await under.call('GET', '/v1/session', { token: secret })).status).toBe(401);
  });

  test('a token that was revoked stays so, whoever rotates it meanwhile and however late their clock makes it', async () => {
    const { tokens } = under.api;
    const made = async () => {
      const wish = { name: 'r', scopes: ['read' as const], by: 'test', expiresAt: null };
      return (await tokens.create(wish)).token.token_id;
    };
    const ahead = { ...systemClock, now: () => Date.now() + 60_000 };
    const another = new TokenBook({ store: under.store, clock: ahead, log: silentLogger });
    const opens = async (secret: string) =>
      (await under.call('GET', '/v1/session', { token: secret })).status;

    const meanwhile = await made();
    const [, beaten] = await Promise.all([
      tokens.revoke(meanwhile),
      another.rotate(meanwhile, Date.now() + 60_000),
    ]);
    const later = await made();
    const rotated = await another.rotate(later, Date.now() + 60_000);
    expect((await tokens.revoke(later))?.revoked_at).not.toBeNull();

    await under.store.command('OPTIMIZE TABLE api_tokens_v1 FINAL');
    const states = (await tokens.all()).filter(({ token_id }) => [meanwhile, later].includes(token_id));
    expect(states.map((token) => stateOf(token, 0))).toEqual(['revoked', 'revoked']);
    expect(await opens(rotated!.secret)).toBe(401);
    if (beaten) expect(await opens(beaten.secret)).toBe(401);
    expect(await tokens.rotate(later, 0)).toBeNull();
  });

  test('of two that rotate a token, one who is told a secret can use it', async () => {
    const { tokens } = under.api;
    const wish = { name: 'r', scopes: ['read' as const], by: 'test', expiresAt: null };
    const { token } = await tokens.create(wish);
    const behind = { ...systemClock, now: () => Date.now() - 60_000 };
    const another = new TokenBook({ store: under.store, clock: behind, log: silentLogger });
    await tokens.rotate(token.token_id, 0);
    const last = await another.rotate(token.token_id, 0);
    await tokens.all(); // else what another process changed may stay unknown for some seconds
    expect((await under.call('GET', '/v1/session', { token: last!.secret })).status).toBe(200);
  });
});
