import { arrivalsByTick, type Store } from '@tripkey/store';
import type { ArrivalsOfShard } from './shards/shard.ts';

/** Arrivals that are to be read. Times are epoch ms and multiples of `tickMs`. */
export interface Backlog {
  readonly from: number;
  readonly to: number;
  readonly tickMs: number;
  /** Longest stretch that is read at once. */
  readonly stretchMsMax: number;
  /** Requests in a stretch, unless one tick alone has more: a tick is never cut. */
  readonly rowsMax: number;
  /** Whose arrivals; everybody's by default. */
  readonly ofShard?: ArrivalsOfShard;
}

/** Stretches that are planned with one question. */
const stretchesMax = 24;

/** Where the next stretches end, each after the one before; the last may lie before `to`. */
export async function planStretches(store: Store, backlog: Backlog): Promise<number[]> {
  const { from, tickMs, stretchMsMax, rowsMax } = backlog;
  const stretchMs = Math.max(tickMs, Math.floor(stretchMsMax / tickMs) * tickMs);
  const to = Math.min(backlog.to, from + stretchesMax * stretchMs);
  // One tick has to be read as a whole, whatever it holds.
  if (to - from <= tickMs) return [to];
  const ends: number[] = [];
  let start = from;
  let rows = 0;
  const endAt = (time: number) => {
    ends.push(time);
    start = time;
    rows = 0;
  };
  for (const { tick, requests } of await store.ask(arrivalsByTick, {
    ...{ from, to, tick_ms: tickMs },
    ...backlog.ofShard,
  })) {
    const at = from + tick * tickMs;
    while (at >= start + stretchMs) endAt(start + stretchMs);
    if (at > start && rows + requests > rowsMax) endAt(at);
    rows += requests;
  }
  while (start < to) endAt(Math.min(to, start + stretchMs));
  return ends;
}
