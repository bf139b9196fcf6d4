import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clickHouseConfig } from '@tripkey/test/harness';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';

/** People of the made-up provider, with their groups. */
const people: Readonly<Record<string, { name: string; groups: string[] }>> = {
  alice: { name: 'Alice Example', groups: ['security'] },
  bob: { name: 'Bob Example', groups: ['security', 'on-call'] },
  carol: { name: 'Carol Example', groups: ['sales'] },
};

let under: ApiUnderTest;
let provider: Awaited<ReturnType<typeof aProvider>>;
beforeAll(async () => {
  provider = await aProvider();
  under = await anApi(clickHouseConfig(), {
    settings: {
      oidc: {
        issuer: provider.issuer,
        clientId: 'tripkey',
        clientSecret: 'made-up-secret',
        scope: 'openid groups',
      },
      groups: { analyst: ['security'], responder: ['on-call'] },
      trustedProxies: ['127.0.0.1'],
      proxyUsers: {},
    },
  });
  provider.register(`${under.url}/auth/callback`);
}, 60_000);
afterAll(async () => {
  provider.close();
  await under[Symbol.asyncDispose]();
});

/** An identity provider that lets in whoever the query names; what it says is signed for real. */
async function aProvider() {
  const client = {
    ...{ client_id: 'tripkey', client_secret: 'made-up-secret', redirect_uris: ['https://later.example/'] },
  };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made = { callback: (_: unknown, response: { end(): void }) => response.end() } as unknown as {
    callback: Parameters<typeof server.on>[1];
  };
  server.on('request', (request, response) => made.callback(request, response));
  return {
    issuer,
    close: () => void server.close(),
    /** The client's address is known only once the API listens. */
    register(redirectUri: string) {
      const oidc = new Provider(issuer, {
        clients: [{ ...client, redirect_uris: [redirectUri] }],
        claims: { openid: ['sub'], groups: ['groups', 'name'] },
        conformIdTokenClaims: false,
        features: { devInteractions: { enabled: false } },
        findAccount: (_context: unknown, id: string) => ({
          accountId: id,
          claims: () => ({ sub: id, ...people[id] }),
        }),
        interactions: { url: (_context: unknown, interaction: { uid: string }) => `/as/${interaction.uid}` },
      });
      const answer = oidc.callback();
      made.callback = async (
        request: import('node:http').IncomingMessage,
        response: import('node:http').ServerResponse,
      ) => {
        if (!request.url?.startsWith('/as/')) return void answer(request, response);
        const { prompt, params, session } = await oidc.interactionDetails(request, response);
        const id = String(request.headers['x-person']);
        if (prompt.name === 'login') {
          return void (await oidc.interactionFinished(request, response, { login: { accountId: id } }));
        }
        const grant = new oidc.Grant({
          accountId: session?.accountId ?? id,
          clientId: String(params.client_id),
        });
        grant.addOIDCScope('openid groups');
        await oidc.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
      };
    },
  };
}

/** A browser: follows redirects and keeps the cookies of each host. */
class Browser {
  readonly #jars = new Map<string, Map<string, string>>();
  readonly #person: string;

  constructor(person: string) {
    this.#person = person;
  }

  async open(url: string, init: RequestInit = {}): Promise<Response> {
    let at = url;
    for (let hop = 0; hop < 12; hop++) {
      const response = await this.once(at, hop === 0 ? init : {});
      const next = response.headers.get('location');
      if (!next || response.status < 300 || response.status > 399) return response;
      at = new URL(next, at).href;
      if (new URL(at).pathname === '/') return response;
    }
    throw new Error(`too many redirects, at ${at}`);
  }

  async once(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { cookie, 'x-person': this.#person, ...(init.headers as Record<string, string>) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }
}

const session = async (browser: Browser) =>
  (await (await browser.once(`${under.url}/v1/session`)).json()) as Record<string, unknown>;

describe('single sign-on', () => {
  test('gives people the highest role of their groups, in a session that ends with signing out', async () => {
    const browser = new Browser('bob');
    const response = await browser.open(`${under.url}/auth/sign-in`);
    expect(response.status).toBe(303);
    const bob = await session(browser);
    expect(bob).toMatchObject({ kind: 'person', id: 'oidc:bob', name: 'Bob Example', role: 'responder' });
    const out = await browser.once(`${under.url}/v1/session`, {
      method: 'DELETE',
      headers: { 'x-csrf-token': String(bob.csrf_token) },
    });
    expect(out.status).toBe(204);
    expect(await session(browser)).toMatchObject({ status: 401 });
  });

  test('turns away who has no role here', async () => {
    const browser = new Browser('carol');
    expect((await browser.open(`${under.url}/auth/sign-in`)).status).toBe(403);
    expect(await session(browser)).toMatchObject({ status: 401 });
  });

  test('does not take an answer to a question that this browser did not ask', async () => {
    const browser = new Browser('alice');
    const asked = await browser.once(`${under.url}/auth/sign-in`);
    expect(new URL(asked.headers.get('location')!).searchParams.get('code_challenge_method')).toBe('S256');
    const forged = await browser.once(`${under.url}/auth/callback?code=made-up&state=made-up`);
    expect(forged.status).toBe(502);
    expect((await new Browser('alice').once(`${under.url}/auth/callback?code=x&state=y`)).status).toBe(400);
  });

  test("a session's cookie changes nothing without the session's own word, nor from another site", async () => {
    const browser = new Browser('alice');
    await browser.open(`${under.url}/auth/sign-in`);
    const { csrf_token } = await session(browser);
    const post = (headers: Record<string, string>) =>
      browser.once(`${under.url}/v1/policy/check`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"yaml":"rules: []"}',
      });
    const right = { 'x-csrf-token': String(csrf_token) };
    expect((await post({})).status).toBe(403);
    expect((await post({ 'x-csrf-token': 'made-up' })).status).toBe(403);
    expect((await post({ ...right, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post({ ...right, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});

test('the first start gives a link that signs one admin in, once; opening it uses nothing up', async () => {
  await using fresh = await anApi(clickHouseConfig());
  // The harness's own token may give access, so this one has to be made by hand.
  expect(await fresh.api.firstLink()).toBeNull();
  const { makeLink } = await import('../create-api.ts');
  const { systemClock } = await import('@tripkey/service-kit');
  const link = await makeLink(fresh.api.tokens, fresh.url, 'test', systemClock);
  const browser = new Browser('nobody');
  expect((await browser.once(link)).status).toBe(200);
  expect((await browser.once(link)).status).toBe(200);
  expect(
    (await new Browser('thief').once(link, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }))
      .status,
  ).toBe(403);
  const [first, second] = await Promise.all([
    browser.once(link, { method: 'POST' }),
    new Browser('other').once(link, { method: 'POST' }),
  ]);
  expect([first.status, second.status].toSorted()).toEqual([303, 410]);
  expect((await browser.once(link, { method: 'POST' })).status).toBe(410);
});

describe('a session that a token began', () => {
  /** Signs in with a secret. @returns what asks who one is, by the cookie. */
  async function signIn(token: string) {
    const body = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const signedIn = await fetch(`${under.url}/v1/session`, { ...body, body: JSON.stringify({ token }) });
    const [cookie = ''] = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]!);
    return () => under.call('GET', '/v1/session', { token: null, headers: { cookie } });
  }
  const wish = { name: 'a script', scopes: ['read'], by: 'test', expiresAt: null } as const;

  test('ends with the token, and with the secret that it was begun with', async () => {
    const { tokens } = under.api;
    const { token, secret } = await tokens.create(wish);
    const asked = await signIn(secret);
    expect((await asked()).status).toBe(200);
    const oldUntil = Date.now() + 600_000;
    const rotated = await tokens.rotate(token.token_id, oldUntil);
    expect((await asked()).status).toBe(401);

    const [byOld, byNew] = [await signIn(secret), await signIn(rotated!.secret)];
    expect(Date.parse((await byOld()).json.expires_at)).toBe(oldUntil);
    expect(Date.parse((await byNew()).json.expires_at)).toBeGreaterThan(oldUntil);
    await tokens.revoke(token.token_id);
    for (const one of [byOld, byNew]) expect((await one()).status).toBe(401);
  });
});

describe('what a proxy says of people', () => {
  const asked = (headers: Record<string, string>, at = under) =>
    at.call('GET', '/v1/session', { token: null, headers });

  test('counts from a trusted address', async () => {
    const { json } = await asked({
      'x-auth-request-email': 'dan@example.com',
      'x-auth-request-groups': 'on-call,x',
    });
    expect(json).toMatchObject({ id: 'proxy:dan@example.com', role: 'responder' });
    expect((await asked({ 'x-auth-request-email': 'dan@example.com' })).status).toBe(403);
  });

  test('is dropped from any other', async () => {
    await using other = await anApi(clickHouseConfig(), {
      settings: { trustedProxies: ['10.0.0.0/8'], proxyUsers: {}, defaultRole: 'admin' },
    });
    expect((await asked({ 'x-auth-request-email': 'mallory@example.com' }, other)).status).toBe(401);
  });
});
