import { anEvent } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import { migrate, openStore, RequestBlock, removeDoubles, requestColumns, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPipeline } from '../testing/index.ts';
import { countFaults, verifyRegularly } from './verify-regularly.ts';
import { verifyStore } from './verify-store.ts';

let store: Store;
beforeEach(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterEach(() => store[Symbol.asyncDispose]());

const start = Date.parse('2026-03-02T10:00:00.000Z');
const columns = requestColumns.join(', ');
const pipeline = aPipeline();

/** Stores one event an offset, one a second, in two partitions. */
async function storeEvents(
  count: number,
  changes: (i: number) => Parameters<typeof anEvent>[0] = () => ({}),
) {
  for (const partition of [0, 1]) {
    const rows = Array.from({ length: count }, (_, i) => {
      const at = start + i * 1_000;
      const event = anEvent({ event_id: `${partition}-${i}`, key_id: `key_${i % 3}`, ts: at, ...changes(i) });
      const position = { topic: 't', partition, offset: BigInt(100 + i) };
      return pipeline.take(Buffer.from(JSON.stringify(event)), position, at + 500).rows[0]!;
    });
    await store.insertBlock('requests_raw_v1', RequestBlock.of(rows), `t:${partition}:${count}`);
  }
}
const verify = (repair = false) => verifyStore(store, { from: start, to: start + 3 * 3_600_000, repair });
const nothing = { duplicates: 0, holes: 0, rollup_mismatches: 0, unmarked_repeats: 0 };
const sql = (text: string) => store.command(`${text} SETTINGS mutations_sync = 1`);

test('what is stored as it was sent holds, over several slices of time', async () => {
  await storeEvents(7_300);
  const report = await verify();
  expect(countFaults(report)).toEqual(nothing);
  expect(report.held).toBe(true);
  expect(report.partitions.map(({ rows }) => rows)).toEqual([7_300, 7_300]);
});

test('offsets of which nothing is there are holes; dead letters and gaps that were noticed are none', async () => {
  await storeEvents(100);
  await sql(
    'ALTER TABLE requests_raw_v1 DELETE WHERE _partition = 0 AND _offset IN (110, 111, 120, 130, 140)',
  );
  await sql('ALTER TABLE usage_per_minute_v1 DELETE WHERE 1');
  await verify(true);
  const letter = {
    at: start,
    reason: 'not_json',
    detail: '',
    original: '',
    _topic: 't',
    _partition: 0,
    _idx: 0,
  };
  await store.insert('dead_letters_v1', [{ ...letter, _offset: '120' }], 'letter');
  const gap = { topic: 't', partition: 0, from_offset: '129', to_offset: '131', at: start };
  await store.insert('ingest_gaps_v1', [gap], 'gap');
  const report = await verify(true);
  expect(report.partitions[0]!.holes).toEqual([
    { from: 110, to: 111 },
    { from: 140, to: 140 },
  ]);
  expect([report.held, countFaults(report)]).toEqual([false, { ...nothing, holes: 3 }]);
});

test('a hole between two slices is found', async () => {
  await storeEvents(7_300);
  await sql('ALTER TABLE requests_raw_v1 DELETE WHERE _partition = 1 AND _offset BETWEEN 3600 AND 3800');
  expect((await verify()).partitions[1]!.holes).toEqual([{ from: 3_600, to: 3_800 }]);
});

test('rows that are there several times are found and removed, and counted once afterwards', async () => {
  await storeEvents(100);
  await store.command(
    `INSERT INTO requests_raw_v1 (${columns}) SELECT ${columns} FROM requests_raw_v1
     WHERE _partition = 1 AND _offset < 120 SETTINGS insert_deduplication_token = 'again'`,
  );
  expect(countFaults(await verify())).toMatchObject({ duplicates: 20 });
  expect((await verify(true)).held).toBe(true);
  const report = await verify();
  expect([report.held, countFaults(report)]).toEqual([true, nothing]);
  expect(report.partitions.map(({ rows }) => rows)).toEqual([100, 100]);
});

test('events of two doors that take themselves for the same one stay, and what is doubled of them goes', async () => {
  await storeEvents(20);
  await sql(
    `INSERT INTO requests_raw_v1 (${columns}) SELECT ${columns.replace('event_id', "concat('other-', event_id)")}
     FROM requests_raw_v1 WHERE _partition = 1`,
  );
  await store.command(
    `INSERT INTO requests_raw_v1 (${columns}) SELECT ${columns} FROM requests_raw_v1
     WHERE _partition = 1 AND _offset < 105 SETTINGS insert_deduplication_token = 'again'`,
  );
  expect(countFaults(await verify(true))).toMatchObject({ duplicates: 10 });
  const report = await verify();
  expect([report.held, countFaults(report)]).toEqual([true, nothing]);
  expect(report.partitions.map(({ rows }) => rows)).toEqual([20, 40]);
});

test('a repair that was killed after deleting brings the rows back', async () => {
  await storeEvents(10);
  const command = store.client.command.bind(store.client);
  await store.command(
    `INSERT INTO requests_raw_v1 (${columns}) SELECT ${columns} FROM requests_raw_v1 WHERE _partition = 0
     SETTINGS insert_deduplication_token = 'again'`,
  );
  store.client.command = (asked) => {
    if (asked.query.startsWith('INSERT INTO requests_raw_v1')) throw new Error('killed');
    return command(asked);
  };
  const slice = { topic: 't', partition: 0, from: start, to: start + 3_600_000 };
  await expect(removeDoubles(store, slice, 'r')).rejects.toThrow('killed');
  store.client.command = command;
  expect((await verify()).partitions.map(({ rows }) => rows)).toEqual([10]);
  await verify(true);
  const report = await verify();
  expect([report.held, report.partitions.map(({ rows }) => rows)]).toEqual([true, [10, 10]]);
});

test('a rollup that lacks minutes or has them twice is found and put right', async () => {
  await storeEvents(300);
  await sql("ALTER TABLE usage_per_minute_v1 DELETE WHERE source = 't/0' AND minute = '2026-03-02 10:01:00'");
  await store.command(
    `INSERT INTO usage_per_minute_v1 SELECT * FROM usage_per_minute_v1 WHERE source = 't/1' AND key_id = 'key_1'
     SETTINGS insert_deduplication_token = 'again'`,
  );
  const report = await verify();
  expect([report.held, countFaults(report)]).toEqual([false, { ...nothing, rollup_mismatches: 3 + 5 }]);
  expect(await verify(true)).toMatchObject({ held: true, repaired: true });
  expect(countFaults(await verify())).toEqual(nothing);
});

test('events that two members took in at once are counted once after a repair', async () => {
  await storeEvents(100, (i) => (i === 50 ? { event_id: 'twice' } : {}));
  expect(countFaults(await verify())).toEqual({ ...nothing, unmarked_repeats: 1 });
  expect((await verify(true)).held).toBe(true);
  const report = await verify();
  expect([report.held, countFaults(report)]).toEqual([true, nothing]);
  const used = await store.client.query({
    query: 'SELECT sum(requests) AS n FROM usage',
    format: 'JSONEachRow',
  });
  expect(await used.json()).toEqual([{ n: 199 }]);
});

test('the regular check repairs, and shows when all held last', async () => {
  await storeEvents(10);
  await sql('ALTER TABLE usage_per_minute_v1 DELETE WHERE 1');
  const metrics = new Metrics();
  const clock = new ManualClock(start + 60_000);
  const stop = new AbortController();
  const running = verifyRegularly({ store, clock, log: silentLogger, metrics }, stop.signal);
  await clock.advance(60_000);
  while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running;
  const text = await metrics.text();
  expect(text).toContain(`tripkey_verify_last_held_timestamp_seconds ${start / 1_000 + 120}`);
  expect(text).toContain('tripkey_verify_faults_total{kind="rollup_mismatches"} 6');
});
