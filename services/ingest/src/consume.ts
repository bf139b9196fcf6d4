import { once } from 'node:events';
import { type Clock, type Logger, type Metrics, repeat } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import type { Sink, Source, SourceHandler } from '@tripkey/stream';
import { consumeMetrics } from './consume-metrics.ts';
import type { Intake, Rows } from './intake.ts';
import { LeaseWork } from './lease-work.ts';
import type { BatchLimits } from './partition-buffer.ts';
import { type Progress, reportProgress } from './progress.ts';
import { RejectGuard, type RejectLimits } from './reject-guard.ts';

export interface ConsumeParts {
  /** The topic that `source` reads; names its metrics. */
  readonly topic: string;
  readonly source: Source;
  readonly deadLetters: Sink;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly batch?: Partial<BatchLimits>;
  readonly rejects?: Partial<RejectLimits>;
  /** Bytes over all partitions above which reading pauses. Default 256 MiB. */
  readonly bufferedBytesMax?: number;
  /** How often progress is written; 0: never, for topics that no window waits for. Default 500 ms. */
  readonly progressMs?: number;
  /**
   * A lease that the broker has not confirmed for so long, ms, is taken for lost by whatever would write. Below the
   * session timeout of the source. Default 20 s.
   */
  readonly unconfirmedMsMax?: number;
  /** Told the partitions of each lease. */
  readonly onAssigned?: (partitions: readonly number[]) => void;
  /** How long a stop may take to store what was taken. Default 15 s. */
  readonly drainMsMax?: number;
}

export const batchDefaults: BatchLimits = { rowsMax: 50_000, bytesMax: 32 * 2 ** 20, ageMsMax: 1_000 };
export const rejectDefaults: RejectLimits = { ratioMax: 0.5, elements: 1_000, consecutiveMax: 500 };

/** How often buffers are looked at, ms. */
const tickMs = 100;

/**
 * Reads a topic into the store until `stop` aborts; then stores and commits what it has and resolves.
 * Each row is stored once, through a crash of anything at any moment: see `LeaseWork` and `BatchWriter`, and
 * docs/decisions for the protocol.
 * @throws {TooManyRejectedError} when too many elements are unusable, or what the source could not overcome.
 */
export async function consume<R extends Rows>(
  intake: Intake<R>,
  parts: ConsumeParts,
  stop: AbortSignal,
): Promise<void> {
  const { clock, log } = parts;
  const counts = consumeMetrics(parts.metrics, parts.topic);
  const guard = new RejectGuard({ ...rejectDefaults, ...parts.rejects });
  const over = new AbortController();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  let work: LeaseWork<R> | null = null;

  const handler: SourceHandler = {
    async assigned(lease) {
      await work?.end();
      parts.onAssigned?.(lease.partitions);
      log.info({ topic: lease.topic, partitions: lease.partitions }, 'partitions assigned');
      const next = new LeaseWork(lease, {
        intake,
        deadLetters: parts.deadLetters,
        store: parts.store,
        guard,
        batch: { ...batchDefaults, ...parts.batch },
        bufferedBytesMax: parts.bufferedBytesMax ?? 256 * 2 ** 20,
        clock,
        log,
        counts,
        unconfirmedMsMax: parts.unconfirmedMsMax ?? 20_000,
        onFailure: failure.reject,
      });
      work = next;
      if ((await next.prepare()) && stop.aborted) await next.drain();
    },
    async revoked(lease) {
      parts.onAssigned?.([]);
      if (work?.lease === lease) await work.end();
    },
    async lost(lease, partition, from, to) {
      if (work?.lease === lease) await work.lost(partition, from, to);
    },
    async records(lease, partition, records) {
      if (work?.lease === lease) await work.take(partition, records);
    },
  };

  const drained = aborted(stop).then(async () => {
    const limit = clock.sleep(parts.drainMsMax ?? 15_000, over.signal).catch(() => {});
    await Promise.race([work?.drain(), limit]);
  });
  const running = parts.source.run(handler, over.signal);
  const ticking = repeat(tickMs, async () => work?.tick(), clock, over.signal);
  const progress = (): Progress[] => work?.progress() ?? [];
  const progressMs = parts.progressMs ?? 500;
  const reporting =
    progressMs > 0 ? reportProgress({ ...parts, everyMs: progressMs, progress }, over.signal) : null;
  try {
    await Promise.race([drained, running, ticking, failure.promise]);
  } finally {
    over.abort();
    // Also one that still waits for the store; it would hold up the source.
    const ending = (work as LeaseWork<R> | null)?.end();
    await Promise.allSettled([running, ticking, reporting]);
    await ending;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
