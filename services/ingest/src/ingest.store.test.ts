import { KeyRecord } from '@tripkey/contract';
import { aHeartbeat, aKey, anEvent } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { defineQuestion, KeyRegistry, migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createEnricher } from './enrich/enricher.ts';
import { openIpDatabase } from './enrich/ip-database.ts';
import { createHeartbeatReader } from './heartbeats/heartbeat-reader.ts';
import { type HistoryEvent, storeHistory } from './history.ts';
import { importKeys } from './keys.ts';
import { createPipeline } from './pipeline.ts';

let store: Store;

beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

async function load(topic: string, events: Iterable<HistoryEvent>) {
  const registry = new KeyRegistry();
  await registry.refresh(store);
  const pipeline = createPipeline({
    enrich: createEnricher(openIpDatabase()),
    registry,
    pepper: 'a pepper for tests only',
    metrics: new Metrics(),
  });
  return storeHistory({ store, pipeline, events, topic, batchRows: 500 });
}

const stored = defineQuestion({
  name: 'test-stored',
  sql: `
    SELECT ts, key_id, account_id, client_ip, network, country, bytes_out, tags, _offset
    FROM requests_raw_v1 WHERE _topic = {topic:String} ORDER BY _offset, _idx`,
  params: z.object({ topic: z.string() }),
  row: z.record(z.string(), z.unknown()),
});
const rollup = defineQuestion({
  name: 'test-rollup',
  sql: `
    SELECT sum(requests) AS requests, sum(accepted) AS accepted FROM usage_per_minute_v1
    WHERE key_id = {keyId:String}`,
  params: z.object({ keyId: z.string() }),
  row: z.object({ requests: z.number(), accepted: z.number() }),
});

test('an event reaches the raw table and the minute rollup once, however often it is loaded', async () => {
  await importKeys(store, [KeyRecord.parse(aKey({ key_id: 'key_once' }))], 1_000, null);
  const { account_id: _, ...event } = anEvent({
    key_id: 'key_once',
    client_ip: '8.8.8.8',
    tags: { team: 'a"b\\' },
  });
  await load('once', [event, { ...event, status: 403 }]);
  await load('once', [event, { ...event, status: 403 }]);
  expect(await store.ask(stored, { topic: 'once' })).toMatchObject([
    {
      ts: '2026-03-02 10:00:00.000',
      account_id: 'acct_acme',
      client_ip: '::ffff:8.8.8.8',
      network: '8.8.8.0/24',
      country: 'US',
      bytes_out: 1200,
      tags: { team: 'a"b\\' },
      _offset: 0,
    },
    { _offset: 1 },
  ]);
  expect(await store.ask(rollup, { keyId: 'key_once' })).toEqual([{ requests: 2, accepted: 1 }]);
});

test('the store takes every row that the pipeline makes, whatever senders write', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 16 });
  const count = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
  const event = fc.record(
    {
      ts: fc.integer({ min: Date.parse('2025-12-01'), max: Date.parse('2026-03-02') }),
      key_id: text,
      method: text,
      status: fc.integer({ min: 100, max: 599 }),
      path: text,
      client_ip: fc.oneof(fc.ipV4(), fc.ipV6(), text),
      user_agent: text,
      bytes_in: count,
      bytes_out: count,
      latency_ms: count,
      cost: count,
      gateway_seq: fc.maxSafeNat(),
      tags: fc.dictionary(text, text, { maxKeys: 3 }),
    },
    { requiredKeys: ['ts', 'key_id', 'method', 'status'] },
  );
  const events = fc.sample(event, { numRuns: 2_000, seed: 42 });
  const outcome = await load('anything', events);
  expect(outcome).toMatchObject({ rows: 2_000, deadLetters: 0 });
  expect(await store.ask(stored, { topic: 'anything' })).toHaveLength(2_000);
});

test('dead letters can be read back with their position and reason', async () => {
  await load('bad', [anEvent({ ts: '2026-03-02T10:00:00Z' }), '{"broken']);
  const letters = defineQuestion({
    name: 'test-dead-letters',
    sql: `SELECT reason, original, _offset FROM dead_letters_v1 WHERE _topic = 'bad'`,
    params: z.object({}),
    row: z.record(z.string(), z.unknown()),
  });
  expect(await store.ask(letters, {})).toEqual([{ reason: 'not_json', original: '{"broken', _offset: 1 }]);
});

test('of the heartbeats of a run the latest counts, however often and in whichever order they come', async () => {
  const reader = createHeartbeatReader({ pepper: 'a pepper for tests only', metrics: new Metrics() });
  const first = aHeartbeat({ gateway: 'gw', emitted: 5, dropped: { invalid: 1 } });
  const second = {
    ...first,
    sent_at: '2026-03-02T10:00:30Z',
    emitted: 9,
    dropped: { invalid: 1, buffer_full: 3 },
  };
  const restarted = {
    ...first,
    started_at: '2026-03-02T10:01:00Z',
    sent_at: '2026-03-02T10:01:05Z',
    ended: true,
  };
  const heardAt = Date.now(); // rows go by it after a month
  for (const [i, beats] of [[second, restarted], [first], [second]].entries()) {
    const position = { topic: 'heartbeats', partition: 0, offset: BigInt(i) };
    const { rows } = reader.take(Buffer.from(JSON.stringify(beats)), position, heardAt, heardAt);
    await store.insert('gateway_heartbeats_v1', rows, `heartbeats:${i}`);
  }
  const runs = await store.ask(
    defineQuestion({
      name: 'test-runs',
      sql: `
        SELECT emitted, dropped, dropped_total, toString(started_at) AS began, toUnixTimestamp64Milli(overdue_at) AS overdue
        FROM gateway_runs WHERE gateway = 'gw' ORDER BY started_at`,
      params: z.object({}),
      row: z.record(z.string(), z.unknown()),
    }),
    {},
  );
  expect(runs).toEqual([
    {
      ...{ emitted: 9, dropped: { invalid: 1, buffer_full: 3 }, dropped_total: 4 },
      ...{ began: '2026-03-02 09:00:00.000', overdue: heardAt + 150_000 },
    },
    {
      ...{ emitted: 5, dropped: { invalid: 1 }, dropped_total: 1 },
      ...{ began: '2026-03-02 10:01:00.000', overdue: null },
    },
  ]);
});
