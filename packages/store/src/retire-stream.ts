import { retiredUntilMs } from './questions/live-streams.ts';
import type { Store } from './store.ts';

/** A stream, as it last said of itself. */
export interface LastWord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms. */
  readonly reported_at: number;
}

/**
 * Says in a stream's place that nothing of it is to come, so that nobody waits for it any more. If it does come back, it
 * counts again from its first word on.
 * @param now epoch ms
 */
export async function retireStream(store: Store, stream: LastWord, now: number): Promise<void> {
  const { topic, partition, offset, reported_at } = stream;
  // The last word counts, and the stream's clock may have been ahead.
  const at = Math.max(now, reported_at + 1);
  const row = { topic, partition, offset: String(offset), lag: 0, stored_until: retiredUntilMs, at };
  await store.insert('ingest_progress_v1', [row], `retire:${topic}:${partition}:${at}`);
}
