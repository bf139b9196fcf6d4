import { randomUUID } from 'node:crypto';
import { correctUsage, RequestBlock, runningInserts, type Store, storedPositions } from '@tripkey/store';
import type { DeadLetter } from './dead-letter.ts';
import { insertDeadLetters } from './insert-dead-letters.ts';
import type { BatchRange } from './intake.ts';

/** Minutes of a rollup that are compared at once. */
const minutesMax = 5_000;

/**
 * Makes raw and its rollup hold each row of a batch once, whatever became of earlier attempts to insert it. Raw is
 * asked what it has, because after a crash of the engine a token says nothing: its record is written before the part,
 * so it may stand for rows that are not there. What is missing goes in under a token that nobody has used.
 * @throws when an insert of the batch still runs, or what the store throws; nothing is harmed by another call.
 */
export async function settleRequests(
  store: Store,
  range: BatchRange,
  block: RequestBlock,
  signal?: AbortSignal,
): Promise<void> {
  await refuseWhileInserting(store, range, signal);
  const there = await positionsOf(store, 'requests_raw_v1', range, signal);
  const missing = new RequestBlock();
  const touched = new Set<number>();
  for (const row of block) {
    if (!there.has(`${row._offset}/${row._idx}`)) missing.push(row);
    touched.add(Math.floor(row.ts / 60_000) * 60);
  }
  await store.insertBlock('requests_raw_v1', missing, freshToken(range), signal);
  const minutes = [...touched].sort((a, b) => a - b);
  for (let i = 0; i < minutes.length; i += minutesMax) {
    const scope = { ...range, minutes: minutes.slice(i, i + minutesMax) };
    await correctUsage(store, scope, freshToken(range), signal);
  }
}

/** The same for dead letters, which no rollup counts. */
export async function settleDeadLetters(
  store: Store,
  range: BatchRange,
  letters: readonly DeadLetter[],
  signal?: AbortSignal,
): Promise<void> {
  await refuseWhileInserting(store, range, signal);
  const there = await positionsOf(store, 'dead_letters_v1', range, signal);
  const missing = letters.filter(({ _offset, _idx }) => !there.has(`${_offset}/${_idx}`));
  await insertDeadLetters(store, missing, freshToken(range), signal);
}

/** How many elements of a range are in raw. */
export async function countStored(store: Store, range: BatchRange, signal?: AbortSignal): Promise<number> {
  return (await positionsOf(store, 'requests_raw_v1', range, signal)).size;
}

/** An insert that somebody sent before it lost the partition may run on; what is there is known when it has ended. */
async function refuseWhileInserting(store: Store, { token }: BatchRange, signal?: AbortSignal) {
  const [answer] = await store.ask(runningInserts, { token }, signal);
  if (answer && answer.running > 0) throw new Error(`an earlier insert of ${token} still runs`);
}

async function positionsOf(
  store: Store,
  table: 'requests_raw_v1' | 'dead_letters_v1',
  { topic, partition, from, to, arrivedSinceMs }: BatchRange,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const time = table === 'requests_raw_v1' ? 'arrived_at' : 'at';
  const range = { topic, partition, from: String(from), to: String(to), since: arrivedSinceMs };
  const rows = await store.ask(storedPositions, { table, time, ...range }, signal);
  return new Set(rows.map(([offset, idx]) => `${offset}/${idx}`));
}

/** Begins with the batch's token, so that `refuseWhileInserting` finds it. */
function freshToken({ token }: BatchRange): string {
  return `${token}:r:${randomUUID()}`;
}
