import { aFinding } from '@tripkey/contract/testing';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { findingFromRow, findingToRow } from './finding-row.ts';
import { migrate } from './migrate.ts';
import { defineQuestion } from './question.ts';
import { findingsSince } from './questions/findings-since.ts';
import { openStore, type Store } from './store.ts';

let store: Store;

beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

const counted = defineQuestion({
  name: 'test-counted',
  sql: `
    SELECT
      (SELECT count() FROM requests_raw_v1 WHERE key_id = {key:String}) AS raw,
      (SELECT sum(requests) FROM usage WHERE key_id = {key:String}) AS requests,
      (SELECT sum(bytes_out) FROM usage WHERE key_id = {key:String}) AS bytes_out`,
  params: z.object({ key: z.string() }),
  row: z.object({ raw: z.number(), requests: z.number(), bytes_out: z.number() }),
});

const rows = (key_id: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    ...{ key_id, event_id: `${key_id}-${i}`, outcome: 'valid', status: 200, bytes_out: 10 },
    ...{ ts: '2026-03-02T10:00:00Z', arrived_at: '2026-03-02T10:00:01Z', _topic: 't', _offset: i },
  }));

test('a redelivered batch is counted once, in raw and in the rollup', async () => {
  for (let i = 0; i < 3; i++) await store.insert('requests_raw_v1', rows('key_once', 3), 'batch-1');
  expect(await store.ask(counted, { key: 'key_once' })).toEqual([{ raw: 3, requests: 3, bytes_out: 30 }]);
});

test('the token tells batches apart, not their rows', async () => {
  await store.insert('requests_raw_v1', rows('key_twice', 2), 'batch-2');
  await store.insert('requests_raw_v1', rows('key_twice', 2), 'batch-3');
  expect(await store.ask(counted, { key: 'key_twice' })).toEqual([{ raw: 4, requests: 4, bytes_out: 40 }]);
});

test('a batch with a row that cannot be stored is stored not at all', async () => {
  const broken = [...rows('key_none', 2), { ...rows('key_none', 1)[0], status: 'no number' }];
  await expect(store.insert('requests_raw_v1', broken, 'batch-4')).rejects.toThrow();
  expect(await store.ask(counted, { key: 'key_none' })).toEqual([{ raw: 0, requests: 0, bytes_out: 0 }]);
});

test('a finding comes back as it was stored, once, and only from its time on', async () => {
  const finding = aFinding({ subject: { kind: 'source', id: "a'b\\" }, key_id: null });
  for (let i = 0; i < 2; i++) await store.insert('findings_v1', [findingToRow(finding)], `finding-${i}`);
  const detectedAt = Date.parse(finding.detected_at);
  const found = await store.ask(findingsSince, { since: detectedAt });
  expect(found.map(findingFromRow)).toEqual([finding]);
  expect(await store.ask(findingsSince, { since: detectedAt + 1 })).toEqual([]);
});

test('an answer of another shape than promised is refused', async () => {
  const wrong = defineQuestion({
    name: 'test-wrong',
    sql: `SELECT 'text' AS count`,
    params: z.object({}),
    row: z.object({ count: z.number() }),
  });
  await expect(store.ask(wrong, {})).rejects.toThrow(z.ZodError);
});
