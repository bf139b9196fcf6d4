import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aHeartbeat } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHttpIngest } from '../http.ts';
import { aHeartbeatReader, aPipeline, RecordingStore } from '../testing/index.ts';

let store: RecordingStore;
let server: Server;
const table = 'gateway_heartbeats_v1';

beforeEach(async () => {
  store = new RecordingStore();
  const ingest = createHttpIngest({
    ...{
      store,
      pipeline: aPipeline(),
      heartbeats: aHeartbeatReader(),
      authorize: (token) => token === 'emit',
    },
    ...{ clock: systemClock, log: silentLogger, metrics: new Metrics() },
    ...{ heartbeatLingerMs: 50, retryMsMax: 0, bodyBytesMax: 2_000 },
  });
  server = createServer(express().use(ingest.router)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function post(body: unknown, headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/v1/heartbeats`, {
    method: 'POST',
    headers: { authorization: 'Bearer emit', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

test('a post is answered 202 when its heartbeats are stored, be it one or several', async () => {
  expect((await post(aHeartbeat())).status).toBe(202);
  const { json } = await post([aHeartbeat({ gateway: 'edge-2' }), aHeartbeat({ gateway: '' })]);
  expect(json).toMatchObject({
    accepted: 1,
    rejected: [{ idx: 1, reason: 'invalid_field' }],
    rejected_total: 1,
  });
  expect(store.rows(table).map(({ gateway }) => gateway)).toEqual(['edge-1', 'edge-2']);
  expect(store.rows('dead_letters_v1')).toMatchObject([
    { reason: 'invalid_field', _topic: 'http-heartbeats' },
  ]);
});

test('those that come at about the same time share an insert', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `edge-${i}`);
  const answers = await Promise.all(names.map((gateway) => post(aHeartbeat({ gateway }))));
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 202));
  expect(store.rows(table).map(({ gateway }) => gateway)).toEqual(expect.arrayContaining(names));
  expect(store.tokens(table).length).toBeLessThan(20);
});

test('a post is refused as one of events is', async () => {
  expect((await post(aHeartbeat(), { authorization: 'Bearer other' })).status).toBe(401);
  expect((await post(aHeartbeat(), { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post('x'.repeat(2_001))).status).toBe(413);
  expect(await post({ hello: 'world' })).toMatchObject({ status: 400, json: { rejected_total: 1 } });
  expect(store.rows(table)).toEqual([]);
});

test('while the store is down it is answered 503, and is stored when it comes again', async () => {
  store.down = true;
  const { status, headers } = await post(aHeartbeat());
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  store.down = false;
  expect((await post(aHeartbeat())).status).toBe(202);
  expect(store.rows(table)).toHaveLength(1);
});
