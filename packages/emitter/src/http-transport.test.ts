import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmitter, type Emitter } from './create-emitter.ts';
import type { Heartbeat } from './heartbeat.ts';
import { httpTransport } from './http-transport.ts';
import type { Transport } from './transport.ts';

const token = 'emit-token-for-tests';
const stored = { accepted: 1, rejected: [], rejected_total: 0 };

let server: Server;
let emitter: Emitter;
let transport: Transport;
let errors: unknown[];
let posts: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[];
let answers: { status: number; headers?: Record<string, string>; body?: unknown }[];

beforeEach(async () => {
  [posts, answers, errors] = [[], [], []];
  server = createServer(async (request, response) => {
    posts.push({ url: request.url, headers: request.headers, body: await text(request) });
    const { status, headers, body } = answers.shift() ?? { status: 202, body: stored };
    response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const clock = { now: () => Date.now(), sleep: (): Promise<void> => new Promise((r) => setImmediate(r)) };
  emitter = createEmitter({
    ...{ url, token, gateway: 'edge-1', clock, heartbeatMs: 0, onRetry: (error) => errors.push(error) },
  });
  transport = httpTransport({ url, token });
});
afterEach(async () => {
  await emitter.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const emit = (key_id = 'key_1') => emitter.emit({ key_id, method: 'GET', path: '/v1/leads\n', status: 200 });

test('a batch is one post of NDJSON with the token', async () => {
  emit('key_1');
  emit('key_2');
  await emitter.flush();
  expect(posts).toMatchObject([
    {
      url: '/v1/events',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    },
  ]);
  const lines = posts[0]!.body.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).key_id)).toEqual(['key_1', 'key_2']);
});

test.each([401, 404, 429, 500, 503, 307])('after a %d the same body comes again', async (status) => {
  answers.push({ status, headers: { 'retry-after': '1', location: '/elsewhere' } });
  emit();
  await emitter.flush();
  expect(posts.map((post) => post.url)).toEqual(['/v1/events', '/v1/events']);
  expect(posts[1]!.body).toBe(posts[0]!.body);
  expect(emitter.stats().sent).toBe(1);
  expect(errors).toMatchObject([{ code: 'emitter.send_later', afterMs: 1_000 }]);
  expect(String(errors[0])).not.toContain(token);
});

test('after a 413 the halves come; one event that is too large alone is refused', async () => {
  answers.push({ status: 413 }, { status: 413 }, { status: 413 });
  for (let i = 0; i < 4; i++) emit();
  await emitter.flush();
  expect(posts.map(({ body }) => body.split('\n').length - 1)).toEqual([4, 2, 1, 1, 2]);
  expect(emitter.stats()).toMatchObject({ sent: 3, dropped: { refused: 1 } });
});

test('a 400 is final, and so is what a 202 refuses', async () => {
  answers.push({ status: 400 });
  emit();
  await emitter.flush();
  answers.push({ status: 202, body: { ...stored, rejected_total: 1 } });
  emit();
  emit();
  await emitter.flush();
  expect(emitter.stats()).toMatchObject({ sent: 1, dropped: { refused: 2 } });
});

test('a lost answer brings the same event ids again', async () => {
  server.once('request', (request) => request.socket.destroy());
  emit();
  await emitter.flush();
  expect(emitter.stats()).toMatchObject({ sent: 1, retries: 1 });
});

test('an ingestion that is down is tried until it is there', async () => {
  const { port } = server.address() as AddressInfo;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  emit();
  expect(await emitter.flush(50)).toBe(false);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await emitter.flush(60_000)).toBe(true);
  expect(emitter.stats().sent).toBe(1);
});

describe('a heartbeat', () => {
  const beat = { gateway: 'edge-1', emitted: 3 } as Heartbeat;
  const send = () => transport.heartbeat!(beat, new AbortController().signal);

  test('is one post of JSON with the token', async () => {
    await send();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect(posts).toMatchObject([{ url: '/v1/heartbeats', headers, body: JSON.stringify(beat) }]);
  });

  test('that an ingestion does not know asks for an hour of rest', async () => {
    answers.push({ status: 404 });
    await expect(send()).rejects.toMatchObject({ code: 'emitter.send_later', afterMs: 3_600_000 });
  });

  test.each([200, 307, 400, 401, 413, 429, 503])('is not taken when the answer is %d', async (status) => {
    answers.push({ status, headers: { 'retry-after': '7', location: '/elsewhere' } });
    await expect(send()).rejects.toMatchObject({ code: 'emitter.send_later', afterMs: 7_000 });
    expect(posts).toHaveLength(1);
  });
});

test('what cannot work is said at once, without the token', () => {
  expect(() => httpTransport({ url: 'tripkey.example', token })).toThrow('http or https');
  expect(() => httpTransport({ url: 'https://tripkey.example', token: 'se\ncret' })).toThrow(
    /^the token is empty or/,
  );
});
