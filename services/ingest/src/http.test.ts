import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { anEvent } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import express from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptTokens } from './accept-tokens.ts';
import { createHttpIngest, type HttpIngest, type HttpIngestParts } from './http.ts';
import { aHeartbeatReader, aPipeline, positions, RecordingStore } from './testing/index.ts';

const token = 'emit-token-for-tests';
const tokenHash = createHash('sha256').update(token).digest('hex');
let store: RecordingStore;
let server: Server;
let stop: AbortController;
let running: Promise<void>;
let url: string;

/** The parts of a door. */
const parts = (): HttpIngestParts => ({
  store,
  pipeline: aPipeline(),
  heartbeats: aHeartbeatReader(),
  authorize: acceptTokens([tokenHash]),
  clock: systemClock,
  log: silentLogger,
  metrics: new Metrics(),
  progressMs: 10,
  retryMsMax: 0,
});

async function serve(changes: Partial<HttpIngestParts> = {}): Promise<void> {
  store = new RecordingStore();
  stop = new AbortController();
  const ingest = createHttpIngest({ ...parts(), ...changes });
  [server, url] = await listen(ingest);
  running = ingest.run(stop.signal);
}

async function listen({ router }: HttpIngest): Promise<[Server, string]> {
  const listening = createServer(express().use(router));
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return [listening, `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1/events`];
}

const post = (body: string | Uint8Array, headers: Record<string, string> = {}, to = url) =>
  fetch(to, {
    method: 'POST',
    body: body as string,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
  });
const now = () => anEvent({ ts: Date.now() });

beforeEach(() => serve());
afterEach(async () => {
  stop.abort();
  await running;
  server.closeAllConnections();
  server.close();
});

describe('a post of events', () => {
  test('is answered 202 when its events are stored', async () => {
    const response = await post(JSON.stringify([now(), now()]));
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: 2, rejected: [], rejected_total: 0 });
    expect(store.rows('requests_raw_v1')).toHaveLength(2);
  });

  test.each([
    ['plain', (body: string) => Buffer.from(body), {}],
    ['gzip', gzipSync, { 'content-encoding': 'gzip' }],
    ['zstd', zstdCompressSync, { 'content-encoding': 'zstd' }],
  ])('may be NDJSON, %s', async (_, pack, headers) => {
    const body = pack(`${JSON.stringify(now())}\n${JSON.stringify(now())}\n`);
    const response = await post(body, { 'content-type': 'application/x-ndjson', ...headers });
    expect(response.status).toBe(202);
    expect(store.rows('requests_raw_v1')).toHaveLength(2);
  });

  test('tells which of its events were rejected and why, and keeps them as dead letters', async () => {
    const response = await post(JSON.stringify([now(), { ...now(), ts: 'soon' }]));
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({
      accepted: 1,
      rejected: [{ idx: 1, reason: 'bad_time' }],
      rejected_total: 1,
    });
    expect(store.rows('dead_letters_v1')).toMatchObject([{ reason: 'bad_time', _topic: 'http' }]);
  });

  test('shares its insert with those that come at the same time, and each event has a place of its own', async () => {
    const held = Promise.withResolvers<void>();
    store.gate = held.promise;
    const answers = Array.from({ length: 20 }, () => post(JSON.stringify(now())));
    await eventually(() => expect(store.attempts.length).toBeGreaterThan(0));
    held.resolve();
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(202);
    expect(new Set(positions(store)).size).toBe(20);
    expect(store.tokens('requests_raw_v1').length).toBeLessThan(20);
  });
});

test('two doors that take themselves for the same one lose nothing of what comes in the same millisecond', async () => {
  const clock = { ...systemClock, now: () => 1_790_000_000_000 };
  const doors = [
    await listen(createHttpIngest({ ...parts(), clock })),
    await listen(createHttpIngest({ ...parts(), clock })),
  ];
  const answers = await Promise.all(doors.map(([, to]) => post(JSON.stringify(now()), {}, to)));
  for (const [door] of doors) door.close();
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect(store.rows('requests_raw_v1')).toHaveLength(2);
});

describe('a post is refused', () => {
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    return (await response.json()) as Record<string, unknown>;
  };

  test('with 401 without a token, and with a wrong one', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${token}`]) {
      const response = await post(JSON.stringify(now()), { authorization });
      expect(response.status).toBe(401);
      expect(await problem(response)).toMatchObject({ status: 401, title: 'Not allowed' });
    }
    expect(store.attempts.filter((attempt) => attempt.startsWith('requests'))).toEqual([]);
  });

  test('with 400 when no event of it can be used', async () => {
    const response = await post('{"hello":"world"}');
    expect(response.status).toBe(400);
    expect(await problem(response)).toMatchObject({ rejected: [{ idx: 0, reason: 'invalid_field' }] });
  });

  test('with 400 when it is not what its encoding says', async () => {
    expect((await post('plain', { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  test('with 413 and the bound when it is too large, packed or unpacked', async () => {
    stop.abort();
    await serve({ bodyBytesMax: 1_000 });
    for (const [body, headers] of [
      ['x'.repeat(1_001), {}],
      [gzipSync('x'.repeat(100_000)), { 'content-encoding': 'gzip' }],
    ] as const) {
      const response = await post(body, headers);
      expect(response.status).toBe(413);
      expect(await problem(response)).toMatchObject({ bytes_max: 1_000 });
    }
  });

  test('with 415 for a type or an encoding that is not taken', async () => {
    expect((await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post('x', { 'content-encoding': 'br' })).status).toBe(415);
  });

  test('with 429 while too much waits for the store', async () => {
    stop.abort();
    await serve({ pendingRowsMax: 1 });
    const held = Promise.withResolvers<void>();
    store.gate = held.promise;
    const first = post(JSON.stringify(now()));
    await eventually(() => expect(store.attempts.some((a) => a.startsWith('requests'))).toBe(true));
    const second = await post(JSON.stringify(now()));
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBe('1');
    held.resolve();
    expect((await first).status).toBe(202);
  });

  test('with 503 and when to come again while the store is down', async () => {
    store.down = true;
    const response = await post(JSON.stringify(now()));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    store.down = false;
    expect((await post(JSON.stringify(now()))).status).toBe(202);
  });
});

describe('an event that comes again', () => {
  /** How often it counts. */
  const counted = () => store.rows('requests_raw_v1').filter(({ is_repeat }) => is_repeat === 0).length;

  test('counts once, in one post and in another', async () => {
    const event = now();
    for (const events of [[event, event], [event]])
      expect((await post(JSON.stringify(events))).status).toBe(202);
    expect([store.rows('requests_raw_v1').length, counted()]).toEqual([3, 1]);
  });

  test('counts when its sender was told to send it again', async () => {
    const body = JSON.stringify(now());
    store.down = true;
    expect((await post(body)).status).toBe(503);
    store.down = false;
    for (let i = 0; i < 2; i++) expect((await post(body)).status).toBe(202);
    expect([store.rows('requests_raw_v1').length, counted()]).toEqual([2, 1]);
  });

  test.each([
    ['fails', true],
    ['succeeds', false],
  ])('while the first copy is on its way counts once, when that %s', async (_, fails) => {
    const body = JSON.stringify(now());
    const held = Promise.withResolvers<void>();
    store.gate = held.promise;
    const first = post(body);
    await eventually(() => expect(store.attempts.some((a) => a.startsWith('requests'))).toBe(true));
    store.gate = Promise.resolve();
    const again = post(body);
    await eventually(() => expect(store.rows('ingest_progress_v1').at(-1)).toMatchObject({ lag: 2 }));
    if (fails) held.reject(new Error('the store is down'));
    else held.resolve();
    expect((await first).status).toBe(fails ? 503 : 202);
    expect((await again).status).toBe(202);
    expect(counted()).toBe(1);
  });

  test('is not taken while its first copy may still land', async () => {
    const body = JSON.stringify(now());
    store.down = true;
    expect((await post(body)).status).toBe(503);
    store.down = false;
    store.running = 1;
    expect((await post(body)).status).toBe(503);
    expect((await post(JSON.stringify(now()))).status).toBe(202);
    store.running = 0;
    expect((await post(body)).status).toBe(202);
    expect(counted()).toBe(2);
  });
});

describe('progress', () => {
  const last = () => store.rows('ingest_progress_v1').at(-1)!;

  test('is now while nothing comes, so that nobody waits for a quiet door', async () => {
    await eventually(() => expect(last()).toMatchObject({ topic: 'http', partition: 0 }));
    expect(last().stored_until).toBe(last().at);
  });

  test('never passes an event that is not stored', async () => {
    const held = Promise.withResolvers<void>();
    store.gate = held.promise;
    const response = post(JSON.stringify(now()));
    await eventually(() => expect(last()).toMatchObject({ lag: 1 }));
    const waiting = last().stored_until as number;
    const since = last().at as number;
    await eventually(() => expect(last().at as number).toBeGreaterThan(since + 50));
    expect(last().stored_until).toBe(waiting);
    held.resolve();
    expect((await response).status).toBe(202);
    expect(store.rows('requests_raw_v1')[0]!.arrived_at).toBe(waiting);
    await eventually(() => expect(last().stored_until).toBe(last().at));
  });
});

test('a list of token hashes that are none is refused at once', () => {
  expect(() => acceptTokens([token])).toThrow(RangeError);
});
