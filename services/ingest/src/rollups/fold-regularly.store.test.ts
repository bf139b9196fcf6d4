import { anEvent } from '@tripkey/contract/testing';
import { jsonLogger, Metrics } from '@tripkey/service-kit';
import {
  defineQuestion,
  foldEndpointUse,
  migrate,
  openStore,
  RequestBlock,
  type Store,
} from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { storeHistory } from '../history.ts';
import { aPipeline } from '../testing/index.ts';
import { foldOnce, foldRegularly } from './fold-regularly.ts';

let store: Store;
const begin = Date.parse('2026-03-02T10:00:00.000Z');
const minute = 60_000;

beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

const use = defineQuestion({
  name: 'test-use',
  sql: `
    SELECT key_id, method, route,
        toUnixTimestamp64Milli(ifNull(min(u.first_accepted_at), toDateTime64(0, 3, 'UTC'))) AS first,
        toUnixTimestamp64Milli(ifNull(max(u.last_accepted_at), toDateTime64(0, 3, 'UTC'))) AS last,
        toUnixTimestamp64Milli(ifNull(max(u.last_refused_at), toDateTime64(0, 3, 'UTC'))) AS refused
    FROM endpoint_use_v1 AS u WHERE key_id = {key_id:String} GROUP BY key_id, method, route ORDER BY method`,
  params: z.object({ key_id: z.string() }),
  row: z.object({
    key_id: z.string(),
    method: z.string(),
    route: z.string(),
    first: z.number(),
    last: z.number(),
    refused: z.number(),
  }),
});
const usesOf = (keyId: string) => store.ask(use, { key_id: keyId });

let offset = 0n;
/** Stores an event as ingest would, with an arrival of its own. */
async function arrives(arrivedAtMs: number, changes: Parameters<typeof anEvent>[0]): Promise<void> {
  const position = { topic: 'fold', partition: 0, offset: offset++ };
  const { rows } = aPipeline().take(Buffer.from(JSON.stringify(anEvent(changes))), position, arrivedAtMs);
  await store.insertBlock('requests_raw_v1', RequestBlock.of(rows), `fold:${position.offset}`);
}
const storedUntil = (at: number, written: number) =>
  store.insert(
    'ingest_progress_v1',
    [{ topic: 'fold', partition: 0, offset: 0, stored_until: at, lag: 0, at: written }],
    `progress:${written}`,
  );
const clockAt = (now: number) => ({ now: () => now, sleep: async () => {} });
const iso = (at: number) => new Date(at).toISOString();

test('uses are those of everything that has arrived, late events and repeated folds included', async () => {
  await arrives(begin, { key_id: 'k', ts: iso(begin - 5_000) });
  await arrives(begin + minute, { key_id: 'k', ts: iso(begin + minute) });
  await arrives(begin + minute, { key_id: 'k', method: 'POST', status: 403, ts: iso(begin + minute) });
  await storedUntil(begin + minute, 1);

  // What arrived at the frontier or after it waits for the next time.
  expect(await foldOnce(store, clockAt(begin + 10 * minute))).toBe(begin + minute);
  expect(await usesOf('k')).toMatchObject([{ method: 'GET', first: begin - 5_000, last: begin - 5_000 }]);

  // Late by three minutes, and before everything that is known.
  await arrives(begin + 2 * minute, { key_id: 'k', ts: iso(begin - minute) });
  await storedUntil(begin + 3 * minute, 2);
  await foldOnce(store, clockAt(begin + 10 * minute));
  const all = [
    { method: 'GET', first: begin - minute, last: begin + minute, refused: 0 },
    { method: 'POST', first: 0, last: 0, refused: begin + minute },
  ];
  expect(await usesOf('k')).toMatchObject(all);

  // A process that died before it wrote down how far it was folds the same again.
  await foldEndpointUse(store, { from: begin, to: begin + 3 * minute });
  expect(await usesOf('k')).toMatchObject(all);
});

test('a stream of which nobody knows yet has five seconds to tell of itself', async () => {
  await storedUntil(begin + 20 * minute, 3);
  expect(await foldOnce(store, clockAt(begin + 20 * minute))).toBe(begin + 20 * minute - 5_000);
});

test('history that is loaded later is told of, although it arrived before the frontier', async () => {
  const event = anEvent({ key_id: 'of_history', ts: iso(begin - 100 * minute) });
  await storeHistory({ store, pipeline: aPipeline(), events: [event], topic: 'fold-history' });
  expect(await usesOf('of_history')).toMatchObject([{ first: begin - 100 * minute }]);
});

test('it goes on after a store that was away, and only where it is its turn', async () => {
  const stop = new AbortController();
  let sleeps = 0;
  const sleep = vi.fn(async () => {
    if (++sleeps === 4) stop.abort();
  });
  const away = { ...store, ask: vi.fn(async () => Promise.reject(new Error('away'))) };
  const parts = { clock: { now: () => begin, sleep }, log: jsonLogger({ service: 't', level: 'silent' }) };
  await foldRegularly(
    { ...parts, store: away as unknown as Store, metrics: new Metrics(), isMine: () => sleeps !== 2 },
    stop.signal,
  );
  expect(away.ask).toHaveBeenCalledTimes(2);
});
