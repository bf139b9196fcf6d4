import { anEvent } from '@tripkey/contract/testing';
import {
  activityQuestion,
  defineQuestion,
  migrate,
  openStore,
  RequestBlock,
  type RequestRow,
  type Store,
} from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { aPipeline } from '../testing/index.ts';
import { askStore } from './repeat-marker.ts';
import { resolveRepeats } from './resolve-repeats.ts';

let store: Store;
beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

const start = Date.parse('2026-03-02T10:00:00.000Z');
const pipeline = aPipeline();

/** A row as the marker left it. */
function aRow(
  offset: number,
  event: Parameters<typeof anEvent>[0],
  isRepeat: number,
  arrivedAtMs = start,
): RequestRow {
  const position = { topic: 't', partition: 0, offset: BigInt(offset) };
  const [row] = pipeline.take(
    Buffer.from(JSON.stringify(anEvent({ ts: start, ...event }))),
    position,
    arrivedAtMs,
  ).rows;
  return { ...row!, is_repeat: isRepeat };
}
const insert = (rows: readonly RequestRow[], token: string) =>
  store.insertBlock('requests_raw_v1', RequestBlock.of(rows), token);

/** How rows are marked when the store has decided. */
async function marks(rows: readonly RequestRow[]): Promise<number[]> {
  const block = RequestBlock.of(rows);
  expect(await resolveRepeats(store, block)).toBe(rows.filter((row) => row.is_repeat === askStore).length);
  return Array.from(block, (row) => row.is_repeat);
}

test('an event that is stored from another place is a repeat; itself, another time, key or id are not', async () => {
  const stored = { event_id: "it's \\ stored", key_id: 'kéy' };
  await insert([aRow(1, stored, 0), aRow(2, { ...stored, event_id: 'x' }, 1)], 'a');
  const open = [
    aRow(1, stored, askStore),
    aRow(3, stored, askStore),
    aRow(4, { ...stored, event_id: 'other' }, askStore),
    aRow(5, { ...stored, key_id: 'other' }, askStore),
    aRow(6, { ...stored, ts: start + 1 }, askStore),
    // Its only other copy is a repeat itself, which says that the counted one is elsewhere.
    aRow(7, { ...stored, event_id: 'x' }, askStore),
    aRow(8, stored, 0),
    // Only earlier rows of the same batch have these.
    aRow(9, { ...stored, event_id: 'other' }, askStore),
    aRow(10, { ...stored, event_id: 'new' }, 0),
    aRow(11, { ...stored, event_id: 'new' }, askStore),
  ];
  expect(await marks(open)).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 0, 1]);
});

test('thousands of events are looked up at once', async () => {
  const events = Array.from({ length: 6_000 }, (_, i) => ({
    event_id: `many-${i}`,
    key_id: `many_${i % 50}`,
  }));
  const first = events.map((event, i) => aRow(10_000 + i, { ...event, ts: start + i }, 0));
  await insert(first, 'many');
  const again = events.map((event, i) => aRow(20_000 + i, { ...event, ts: start + i }, askStore));
  expect(new Set(await marks(again))).toEqual(new Set([1]));
});

test('a repeat is in raw, and counts neither in the rollup nor in what the detector reads, also a tick later', async () => {
  const event = { event_id: 'once', key_id: 'key_once' };
  await insert([aRow(50_000, event, 0, start)], 'once');
  await insert([aRow(50_001, event, 1, start + 60_000)], 'twice');
  const counts = defineQuestion({
    name: 'test-counts',
    sql: `
      SELECT
          (SELECT count() FROM requests_raw_v1 WHERE key_id = 'key_once') AS raw,
          (SELECT sum(requests) FROM usage WHERE key_id = 'key_once') AS used`,
    params: z.object({}),
    row: z.object({ raw: z.number(), used: z.number() }),
  });
  expect(await store.ask(counts, {})).toEqual([{ raw: 2, used: 1 }]);
  const activity = await store.ask(activityQuestion, { from: start, to: start + 120_000, tick_ms: 5_000 });
  const ofKey = activity.filter((row) => row[2] === 'key_once');
  expect(ofKey.map((row) => row[12])).toEqual([1]);
});
