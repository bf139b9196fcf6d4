import { anEvent } from '@tripkey/contract/testing';
import {
  correctUsage,
  defineQuestion,
  migrate,
  openStore,
  RequestBlock,
  type RequestRow,
  type Store,
  usageDifference,
  usageParams,
} from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { BatchRange } from './intake.ts';
import { settleRequests } from './settle-batch.ts';
import { aPipeline } from './testing/index.ts';

let store: Store;
beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

const start = Date.parse('2026-03-02T10:00:00.000Z');

/** Rows of six records over three minutes and two keys, two elements each. */
function aBatch(topic: string) {
  const pipeline = aPipeline();
  const rows: RequestRow[] = [0, 1, 2, 3, 4, 5].flatMap((i) => {
    const events = [0, 1].map((n) => anEvent({ key_id: `${topic}_${i % 2}`, ts: start + i * 30_000 + n }));
    const position = { topic, partition: 3, offset: BigInt(10 + i) };
    return pipeline.take(Buffer.from(JSON.stringify(events)), position, start + 600_000).rows;
  });
  const range: BatchRange = {
    topic,
    partition: 3,
    from: 10n,
    to: 16n,
    arrivedSinceMs: start + 600_000,
    token: `${topic}:3:10-16:0`,
  };
  return { rows, block: RequestBlock.of(rows), range };
}

const insert = (block: RequestBlock, { token }: BatchRange) =>
  store.insertBlock('requests_raw_v1', block, token);

const counted = defineQuestion({
  name: 'test-counted',
  sql: `
    SELECT
        (SELECT count() FROM requests_raw_v1 WHERE _topic = {topic:String}) AS rows,
        (SELECT uniqExact(_offset, _idx) FROM requests_raw_v1 WHERE _topic = {topic:String}) AS places,
        (SELECT sum(requests) FROM usage_per_minute_v1 WHERE source = concat({topic:String}, '/3')) AS requests,
        (SELECT sum(bytes_out) FROM usage_per_minute_v1 WHERE source = concat({topic:String}, '/3')) AS bytes`,
  params: z.object({ topic: z.string() }),
  row: z.object({ rows: z.number(), places: z.number(), requests: z.number(), bytes: z.number() }),
});
const whole = { rows: 12, places: 12, requests: 12, bytes: 12 * 1_200 };

test('a batch of which nothing is stored is stored whole', async () => {
  const { block, range } = aBatch('none');
  await settleRequests(store, range, block);
  expect(await store.ask(counted, { topic: 'none' })).toEqual([whole]);
});

test('a batch that is stored is left alone, however often it is settled', async () => {
  const { block, range } = aBatch('all');
  await insert(block, range);
  for (let i = 0; i < 2; i++) await settleRequests(store, range, block);
  expect(await store.ask(counted, { topic: 'all' })).toEqual([whole]);
});

test('of a batch that is half stored the rest is added', async () => {
  const { rows, block, range } = aBatch('half');
  await insert(RequestBlock.of(rows.slice(0, 5)), range);
  await settleRequests(store, range, block);
  expect(await store.ask(counted, { topic: 'half' })).toEqual([whole]);
});

test('rows that raw has and the rollup lacks, or has twice, are put right in the rollup', async () => {
  for (const rollup of [0, 2]) {
    const topic = `rollup${rollup}`;
    const { block, range } = aBatch(topic);
    await insert(block, range);
    await store.command(
      rollup === 0
        ? `ALTER TABLE usage_per_minute_v1 DELETE WHERE source = '${topic}/3' SETTINGS mutations_sync = 1`
        : `INSERT INTO usage_per_minute_v1 SELECT * FROM usage_per_minute_v1 WHERE source = '${topic}/3'
           SETTINGS insert_deduplication_token = 'twice'`,
    );
    const minutes = [0, 1, 2].map((minute) => start / 1_000 + minute * 60);
    const scope = { topic, partition: 3, minutes };
    expect((await store.ask(usageDifference, usageParams(scope))).length).toBeGreaterThan(0);
    await settleRequests(store, range, block);
    expect(await store.ask(counted, { topic })).toEqual([whole]);
    expect(await store.ask(usageDifference, usageParams(scope))).toEqual([]);
  }
});

test('rows of other partitions are neither read nor corrected', async () => {
  const { block, range } = aBatch('mine');
  await insert(block, range);
  const other = aBatch('other');
  await insert(other.block, other.range);
  await store.command(
    `ALTER TABLE usage_per_minute_v1 DELETE WHERE source = 'other/3' SETTINGS mutations_sync = 1`,
  );
  await settleRequests(store, range, block);
  expect(await store.ask(counted, { topic: 'mine' })).toEqual([whole]);
  expect(await store.ask(counted, { topic: 'other' })).toEqual([{ ...whole, requests: 0, bytes: 0 }]);
});

test('a minute into which something may be on its way is not compared', async () => {
  const { block, range } = aBatch('busy');
  await insert(block, range);
  await store.command(
    `ALTER TABLE usage_per_minute_v1 DELETE WHERE source = 'busy/3' SETTINGS mutations_sync = 1`,
  );
  const minutes = [0, 1, 2].map((minute) => start / 1_000 + minute * 60);
  const unsettled = { ...range, minutes, settledUntil: start + 600_000 };
  expect(await store.ask(usageDifference, usageParams(unsettled))).toEqual([]);
  await correctUsage(store, unsettled, 'busy-token');
  const settled = { ...unsettled, settledUntil: start + 600_001 };
  expect(await store.ask(usageDifference, usageParams(settled))).not.toEqual([]);
});
