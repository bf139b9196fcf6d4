import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCommand } from '../testing/a-command.ts';
import { describeIssuerFaults } from '../testing/describe-issuer-faults.ts';
import { describeKeyIssuer } from '../testing/describe-key-issuer.ts';
import { openOAuth } from './open-oauth.ts';
import { tokensFolder } from './tokens-folder.ts';

const client = { clientId: 'crm sync', clientSecret: 'made up: with % and spaces, long enough' };
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
      devInteractions: { enabled: false },
    },
    ttl: { ClientCredentials: 600 },
  });
  server.on('request', provider.callback());
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function newToken(): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic()}` },
    body: 'grant_type=client_credentials',
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
function basic(): string {
  const encoded = [client.clientId, client.clientSecret].map((part) => encodeURIComponent(part));
  return Buffer.from(encoded.join(':')).toString('base64');
}

for (const disableByRevoking of [false, true]) {
  describeKeyIssuer(
    `a real OAuth server (RFC 7009 and 7662)${disableByRevoking ? ', disabling by revoking' : ''}`,
    () => {
      const tokens = new Map<string, string>();
      const mishaps: ('lose' | 'limit')[] = [];
      return {
        issuer: openOAuth({
          ...client,
          name: 'oauth',
          revocationUrl: `${url}/token/revocation`,
          introspectionUrl: `${url}/token/introspection`,
          tokenOf: async (keyId) => tokens.get(keyId) ?? null,
          disableByRevoking,
          fetch: async (target, init) => {
            const mishap = String(target).endsWith('/revocation') ? mishaps.shift() : undefined;
            if (mishap === 'limit') return new Response('', { status: 429, headers: { 'retry-after': '3' } });
            const response = await fetch(target, init);
            if (mishap === 'lose') throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
            return response;
          },
        }),
        async addKey() {
          const keyId = `grant_${tokens.size + 1}`;
          tokens.set(keyId, await newToken());
          return keyId;
        },
        loseNextReply: () => void mishaps.push('lose'),
        rateLimitNext: () => void mishaps.push('limit'),
      };
    },
    {
      actions: disableByRevoking ? ['disable', 'revoke'] : ['revoke'],
      idempotency: 'by_state',
      stopped: 'revoked',
      pending: true,
      protects: false,
      versions: false,
    },
  );
}

describeIssuerFaults(
  'OAuth',
  (base, timeoutMs) =>
    openOAuth({
      ...client,
      name: 'oauth',
      revocationUrl: `${base}/revoke`,
      introspectionUrl: `${base}/introspect`,
      tokenOf: async () => 'made-up-token',
      timeoutMs,
    }),
  { action: 'revoke' },
);

test('a client that may not is refused, and the token is in no answer', async () => {
  const token = await newToken();
  const stranger = openOAuth({
    ...client,
    clientSecret: 'wrong',
    name: 'oauth',
    revocationUrl: `${url}/token/revocation`,
    introspectionUrl: `${url}/token/introspection`,
    tokenOf: async () => token,
  });
  const read = await stranger.read('grant_1');
  const result = await stranger.act(aCommand({ keyId: 'grant_1', action: 'revoke' }));
  expect(read).toMatchObject({ state: 'unknown', why: 'unauthorized' });
  expect(result).toMatchObject({ kind: 'refused', code: 'unauthorized' });
  expect(JSON.stringify([read, result])).not.toContain(token);
});

describe('tokens in a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokens-'));
    await writeFile(join(folder, 'grant%2F1'), 'made-up-token\n');
    await writeFile(join(folder, 'empty'), '\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are found by the id of their key, whatever is in it', async () => {
    const tokenOf = tokensFolder(folder);
    expect(await tokenOf('grant/1')).toBe('made-up-token');
    expect(await tokenOf('grant_2')).toBeNull();
    expect(await tokenOf('empty')).toBeNull();
    expect(await tokenOf('..')).toBeNull();
    expect(await tokenOf('../../etc/passwd')).toBeNull();
  });

  test('that cannot be read are not taken for missing', async () => {
    const issuer = openOAuth({
      ...client,
      name: 'oauth',
      revocationUrl: `${url}/token/revocation`,
      introspectionUrl: `${url}/token/introspection`,
      tokenOf: tokensFolder(join(folder, 'empty')), // a file, where a folder should be
    });
    expect(await issuer.read('grant_1')).toMatchObject({ state: 'unknown', why: 'unavailable' });
  });
});
