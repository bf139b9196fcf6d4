import { importKeys, storeHistory } from '@tripkey/ingest';
import type { System } from '../embedded/open-system.ts';
import { showProgress } from '../progress.ts';
import { type SimulationOptions, simulate } from '../simulate/index.ts';
import { mergeByTime } from './merge-by-time.ts';
import { victimCreatedBeforeMs, victimHistory, victimRecord } from './victim.ts';

/** Stores two weeks of the demo business, the key that will be stolen among it. */
export async function loadHistory(system: System, history: SimulationOptions): Promise<number> {
  const { keys, arrivals } = simulate(history);
  const from = Date.parse(history.start);
  const to = from + history.days * 86_400_000;
  await importKeys(system.store, [...keys, victimRecord(to - victimCreatedBeforeMs)], Date.now(), null);
  await system.keys.refresh(system.store);
  const progress = showProgress('Loading two weeks of traffic', to - from);
  const stored = await storeHistory({
    store: system.store,
    pipeline: system.pipeline,
    events: mergeByTime(arrivals(), timed(victimHistory(from, to))),
    topic: 'history',
    onProgress: ({ rows, arrivedTo }) =>
      progress.update(arrivedTo - from, `${rows.toLocaleString('en')} events`),
  });
  progress.stop();
  return stored.rows;
}

function* timed(events: Iterable<ReturnType<typeof victimHistory> extends Generator<infer E> ? E : never>) {
  for (const event of events) yield { atMs: Number(event.ts), event };
}
