import { anEvent } from '@tripkey/contract/testing';
import { activityQuestion, defineQuestion, migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { encodeRow } from '../encode-row.ts';
import { insertRequests, requestsBody } from '../insert-rows.ts';
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

/** A row as the marker left it. */
function aLine(
  offset: number,
  event: Parameters<typeof anEvent>[0],
  isRepeat: number,
  arrivedAtMs = start,
): string {
  const position = { topic: 't', partition: 0, offset: BigInt(offset) };
  const [row] = aPipeline().take(
    Buffer.from(JSON.stringify(anEvent({ ts: start, ...event }))),
    position,
    arrivedAtMs,
  ).rows;
  return encodeRow({ ...row!, is_repeat: isRepeat });
}
const marks = (lines: readonly string[]) => lines.map((line) => Number(line.at(-2)));

test('an event that is stored from another place is a repeat; itself, another time, key or id are not', async () => {
  const stored = { event_id: "it's \\ stored", key_id: 'kéy' };
  await insertRequests(
    store,
    requestsBody([aLine(1, stored, 0), aLine(2, { ...stored, event_id: 'x' }, 1)]),
    'a',
  );
  const open = [
    aLine(1, stored, askStore),
    aLine(3, stored, askStore),
    aLine(4, { ...stored, event_id: 'other' }, askStore),
    aLine(5, { ...stored, key_id: 'other' }, askStore),
    aLine(6, { ...stored, ts: start + 1 }, askStore),
    // Its only other copy is a repeat itself, which says that the counted one is elsewhere.
    aLine(7, { ...stored, event_id: 'x' }, askStore),
    aLine(8, stored, 0),
  ];
  expect(marks(await resolveRepeats(store, open))).toEqual([0, 1, 0, 0, 0, 0, 0]);
});

test('thousands of events are looked up at once', async () => {
  const events = Array.from({ length: 6_000 }, (_, i) => ({
    event_id: `many-${i}`,
    key_id: `many_${i % 50}`,
  }));
  const first = events.map((event, i) => aLine(10_000 + i, { ...event, ts: start + i }, 0));
  await insertRequests(store, requestsBody(first), 'many');
  const again = events.map((event, i) => aLine(20_000 + i, { ...event, ts: start + i }, askStore));
  expect(new Set(marks(await resolveRepeats(store, again)))).toEqual(new Set([1]));
});

test('a repeat is in raw, and counts neither in the rollup nor in what the detector reads, also a tick later', async () => {
  const event = { event_id: 'once', key_id: 'key_once' };
  await insertRequests(store, requestsBody([aLine(50_000, event, 0, start)]), 'once');
  await insertRequests(store, requestsBody([aLine(50_001, event, 1, start + 60_000)]), 'twice');
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
