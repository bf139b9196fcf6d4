import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ActResult, type KeyIssuer, refusalCodes } from '../key-issuer.ts';
import { aCommand } from '../testing/a-command.ts';
import { describeIssuerFaults } from '../testing/describe-issuer-faults.ts';
import { openGenericIssuer } from './open-generic-issuer.ts';
import { problemStatuses } from './wire.ts';

const token = 'issuer-token-for-tests';
const command = aCommand({ keyId: 'key_1' });
const done = {
  operation_id: command.operationId,
  key_id: 'key_1',
  action: 'disable',
  result: 'done',
  status: 'disabled',
};

let server: Server;
let seen: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let url: string;
let issuer: KeyIssuer;

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  answer = (_, response) => response.writeHead(status, headers).end(JSON.stringify(body));
};
const problem = (code: keyof typeof problemStatuses, headers: Record<string, string> = {}) =>
  json(
    problemStatuses[code],
    { type: 'about:blank', title: code, status: problemStatuses[code], code },
    headers,
  );

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    seen.push(request);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer = openGenericIssuer({ name: 'ours', url, token });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a clear answer', () => {
  test('is taken over, with the id of the call', async () => {
    json(200, { ...done, more: 'is ignored' }, { 'x-request-id': 'req-7' });
    expect(await issuer.act(command)).toEqual({ kind: 'done', state: 'disabled', requestId: 'req-7' });
    expect(seen[0]).toMatchObject({
      url: '/v1/keys/key_1/actions',
      headers: { 'idempotency-key': command.operationId, authorization: `Bearer ${token}` },
    });
  });

  test('may be that it takes a while', async () => {
    json(202, { ...done, result: 'pending', status: 'active', poll_after_ms: 1_500 });
    expect(await issuer.act(command)).toEqual({ kind: 'pending', pollAfterMs: 1_500 });
  });

  test.each(Object.keys(problemStatuses) as (keyof typeof problemStatuses)[])(
    'may be the problem %s',
    async (code) => {
      problem(code, { 'retry-after': '7' });
      const result = await issuer.act(command);
      if (code === 'rate_limited' || code === 'unavailable') {
        expect(result).toEqual({ kind: 'retry', why: code, ambiguous: false, afterMs: 7_000 });
      } else {
        expect(result.kind === 'refused' && refusalCodes.includes(result.code)).toBe(true);
      }
    },
  );

  test('below a path of its own is asked for there', async () => {
    json(200, { key_id: 'key_1', status: 'expiring', version: '4', protected: true });
    const nested = openGenericIssuer({ name: 'ours', url: `${url}/issuer`, token });
    expect(await nested.read('key_1')).toEqual({ state: 'expiring', version: '4', protected: true });
    expect(seen[0]?.url).toBe('/issuer/v1/keys/key_1');
  });
});

describe('an answer that is not clear is never success', () => {
  const ambiguous = { kind: 'retry', ambiguous: true };

  test.each([
    ['of another key', 200, { ...done, key_id: 'key_2' }],
    ['of another operation', 200, { ...done, operation_id: 'another-operation-id' }],
    ['of another action', 200, { ...done, action: 'enable' }],
    ['that contradicts itself', 200, { ...done, status: 'active' }],
    ['that does not know the state', 200, { ...done, status: 'unknown' }],
    ['that is pending and finished', 200, { ...done, result: 'pending' }],
    ['that is finished and pending', 202, done],
  ])('to an action: %s', async (_, status, body) => {
    json(status, body);
    expect(await issuer.act(command)).toMatchObject(ambiguous);
  });

  test.each([
    ['without a body', 204, undefined],
    ['of an older shape', 200, { ok: true }],
    ['that says the key is not known, under no problem code', 404, { message: 'Not Found' }],
    ['with a problem under a status of another', 500, { title: 'x', status: 404, code: 'key_not_found' }],
    ['with a status that is not its own', 404, { title: 'x', status: 409, code: 'version_conflict' }],
    ['from a proxy that found nobody', 502, '<html>'],
  ])('to anything: %s', async (_, status, body) => {
    json(status, body);
    expect(await issuer.act(command)).toMatchObject(ambiguous);
    expect(await issuer.read('key_1')).toMatchObject({ state: 'unknown' });
    await expect(issuer.capabilities()).rejects.toThrow('issuer ours gave no clear answer');
  });

  test('whatever JSON comes under whatever status', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.integer({ min: 200, max: 599 }), async (body, status) => {
        const odd = openGenericIssuer({
          name: 'odd',
          url,
          token,
          fetch: async () =>
            new Response([204, 205, 304].includes(status) ? null : JSON.stringify(body), { status }),
        });
        const result: ActResult = await odd.act(command);
        expect(['retry', 'refused']).toContain(result.kind);
        expect((await odd.read('key_1')).state).toBe('unknown');
      }),
    );
  });

  test('more bytes than the contract can need', async () => {
    answer = (_, response) =>
      response.writeHead(200).end(JSON.stringify({ ...done, pad: 'x'.repeat(100_000) }));
    expect(await issuer.act(command)).toMatchObject({ ...ambiguous, why: 'too_large' });
  });

  test('a redirect, which is not followed', async () => {
    json(307, undefined, { location: `${url}/elsewhere` });
    expect(await issuer.act(command)).toMatchObject({ kind: 'retry', why: 'redirected' });
    expect(seen).toHaveLength(1);
  });

  test('an answer that does not come', async () => {
    answer = () => {};
    const hasty = openGenericIssuer({ name: 'ours', url, token, timeoutMs: 20 });
    expect(await hasty.act(command)).toMatchObject({ ...ambiguous, why: 'timeout' });
    expect(await hasty.read('key_1')).toMatchObject({ state: 'unknown', why: 'timeout' });
  });

  test('an answer that breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"operation_id":');
      response.destroy();
    };
    expect(await issuer.act(command)).toMatchObject({ ...ambiguous, why: 'connection_lost' });
  });
});

describeIssuerFaults('generic contract', (base, timeoutMs) =>
  openGenericIssuer({ name: 'ours', url: base, token, timeoutMs }),
);

test('an issuer that is not there has certainly done nothing', async () => {
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const gone = openGenericIssuer({ name: 'ours', url: `http://127.0.0.1:${port}`, token });
  expect(await gone.act(command)).toMatchObject({ kind: 'retry', ambiguous: false, why: 'unreachable' });
});

test('an abort while the issuer thinks ends the call with its reason', async () => {
  const stop = new AbortController();
  answer = () => stop.abort(new Error('shutting down'));
  await expect(issuer.act(command, stop.signal)).rejects.toThrow('shutting down');
});

test.each(['.', '..', '', 'x'.repeat(257), '\ud800'])(
  'a key id that no URL can name is not asked for: %#',
  async (keyId) => {
    json(200, done);
    expect(await issuer.act({ ...command, keyId })).toEqual({ kind: 'refused', code: 'invalid' });
    expect(await issuer.read(keyId)).toMatchObject({ state: 'unknown', why: 'invalid' });
    expect(seen).toEqual([]);
  },
);

test('a key id stays in its place in the URL', async () => {
  json(200, {});
  await issuer.read('../admin/keys?x=1#y');
  expect(seen[0]?.url).toBe('/v1/keys/..%2Fadmin%2Fkeys%3Fx%3D1%23y');
});

test('nothing that goes wrong shows the token', async () => {
  const secret = 'wrong token\n with a line break';
  const broken = openGenericIssuer({ name: 'ours', url, token: secret });
  const result = await broken.act(command);
  expect(JSON.stringify(result)).not.toContain('wrong token');
  const error: Error = await broken.capabilities().then(
    () => new Error('answered'),
    (reason) => reason,
  );
  expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toContain('wrong token');
});

test.each([
  'ftp://keys.example',
  'https://user:pw@keys.example',
  'https://keys.example/?a=1',
  'keys.example',
])('an address that cannot be right is refused without being repeated: %s', (address) => {
  expect(() => openGenericIssuer({ name: 'ours', url: address, token })).toThrow(/^the url of an issuer is/);
});
