import type { RequestEvent } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import { expect, test } from 'vitest';
import { type HistoryEvent, storeHistory } from './history.ts';
import { aPipeline, positions, RecordingStore } from './testing/index.ts';

const at = (second: number): RequestEvent =>
  anEvent({ ts: Date.parse('2026-03-02T10:00:00Z') + second * 1_000 });

async function load(events: Iterable<HistoryEvent>, store = new RecordingStore(), batchRows = 2) {
  const progress: number[] = [];
  const stored = await storeHistory({
    store,
    pipeline: aPipeline(),
    events,
    topic: 'history',
    batchRows,
    onProgress: ({ rows }) => progress.push(rows),
  });
  return { store, stored, progress };
}

test('objects and lines are loaded alike, in batches', async () => {
  const { store, stored, progress } = await load([
    at(0),
    JSON.stringify(at(1)),
    Buffer.from(JSON.stringify(at(2))),
  ]);
  expect(positions(store)).toEqual(['0/0/0', '0/1/0', '0/2/0']);
  expect(stored).toMatchObject({ rows: 3, deadLetters: 0, arrivedTo: at(2).ts });
  expect(progress.at(-1)).toBe(3);
});

test('the rows of lines are those of objects, whichever way they take, a late and a doubtful one among them', async () => {
  const doubtful = { ...at(4), path: '/v1/leads/7?page=2' };
  const history = [at(0), at(3), at(1), doubtful, at(2), at(5)];
  const rowsOf = async (events: HistoryEvent[]) =>
    (await load(events, new RecordingStore(), 4)).store.rows('requests_raw_v1');
  const rows = await rowsOf(history);
  expect(rows).toHaveLength(history.length);
  expect(await rowsOf(history.map((event) => JSON.stringify(event)))).toEqual(rows);
});

test('the same history again is counted once, another one under the same name is not lost', async () => {
  const { store } = await load([at(0), at(1), at(2)]);
  await load([at(0), at(1), at(2)], store);
  expect(positions(store)).toHaveLength(3);
  await load([at(7), at(8)], store);
  expect(positions(store)).toHaveLength(5);
});

test('a load that a crash of the engine ended is whole when it is done again', async () => {
  const history = [at(0), at(1), at(2), at(3), at(4), at(5), at(6)];
  for (const inserted of [0, 1, 2, 3]) {
    const store = new RecordingStore();
    // The batches before the crash find the gate open; that one finds the engine gone, with its token and without its rows.
    store.crashes = [...Array<undefined>(inserted).fill(undefined), 'rows lost'];
    await expect(load(history, store)).rejects.toThrow('crashed');
    await load(history, store);
    expect(new Set(positions(store)).size).toBe(history.length);
  }
});

test('events arrive when they happened, and arrivals never fall', async () => {
  const { store } = await load([at(5), at(3), at(9)]);
  expect(store.rows('requests_raw_v1').map((row) => row.arrived_at)).toEqual([at(5).ts, at(5).ts, at(9).ts]);
});

test('what cannot be used is kept as a dead letter and does not stop the load', async () => {
  const { store, stored } = await load([at(0), '{"broken', '{"ts":"x"}', at(1)]);
  expect(stored).toMatchObject({ rows: 2, deadLetters: 2 });
  expect(store.rows('dead_letters_v1').map((row) => row.reason)).toEqual(['not_json', 'invalid_field']);
});

test('no history at all is nothing stored', async () => {
  expect((await load([])).stored).toMatchObject({ rows: 0, deadLetters: 0, arrivedFrom: Number.NaN });
});

test('a store that refuses ends the load with its error', async () => {
  const store = new RecordingStore();
  store.down = true;
  await expect(load([at(0), at(1), at(2), at(3), at(4), at(5), at(6)], store)).rejects.toThrow('down');
});
