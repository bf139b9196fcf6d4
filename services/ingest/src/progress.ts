import { type Clock, type Logger, repeat } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';

/** How far one partition is: a row of `ingest_progress_v1`. Times are epoch ms. */
export interface Progress {
  readonly topic: string;
  readonly partition: number;
  /** Everything below it is stored. */
  readonly offset: string;
  /** Every event of the partition that arrived before it is stored. */
  readonly stored_until: number;
  /** Records that were taken in and are not stored; a source does not tell how many it has not fetched. */
  readonly lag: number;
  readonly at: number;
}

/**
 * Writes progress again and again until the signal aborts, and once more then. A write that fails is logged and the
 * next one makes up for it: progress that is late only makes the detector wait.
 */
export async function reportProgress(
  parts: { store: Store; clock: Clock; log: Logger; everyMs: number; progress: () => readonly Progress[] },
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log } = parts;
  const write = async () => {
    const rows = parts.progress();
    const first = rows[0];
    if (!first) return;
    try {
      await store.insert(
        'ingest_progress_v1',
        rows,
        `progress:${first.topic}:${first.partition}:${first.at}`,
      );
    } catch (error) {
      log.warn({ err: error, topic: first.topic }, 'progress could not be written');
    }
  };
  await repeat(parts.everyMs, write, clock, signal);
  await write();
}
