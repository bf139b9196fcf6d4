import type { Clock, Logger, Metrics } from '@tripkey/service-kit';
import {
  endpointUseFrontier,
  foldEndpointUse,
  ingestFrontier,
  type Store,
  setEndpointUseFrontier,
} from '@tripkey/store';

export interface FoldRegularlyParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Whether this process is the one to do it now; of several members one is. Default: it is. */
  readonly isMine?: () => boolean;
}

const waitMsMin = 5_000;
const waitMsMax = 60_000;
/** It may take a hundredth of the time. */
const shareOfTime = 100;
/** A stream that begins tells of itself within this time, ms: until then nobody knows that it will bring rows. */
const unknownStreamMs = 5_000;

/**
 * Keeps `endpoint_use_v1` up to date beside ingest until `stop` aborts, from what has arrived: every five seconds when
 * there is little to do, once a minute when there is much. Never throws; what could not be done is done the next time.
 */
export async function foldRegularly(parts: FoldRegularlyParts, stop: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  const folded = parts.metrics.gauge(
    'tripkey_endpoint_use_folded_timestamp_seconds',
    'Arrivals before this time are in endpoint_use_v1, from which the console tells last uses',
  );
  let waitMs = waitMsMin;
  while (!stop.aborted) {
    await clock.sleep(waitMs, stop).catch(() => {});
    if (stop.aborted || (parts.isMine && !parts.isMine())) continue;
    const startedAt = clock.now();
    try {
      const until = await foldOnce(parts.store, clock, stop);
      if (until > 0) folded.set(until / 1_000);
      const tookMs = clock.now() - startedAt;
      waitMs = Math.min(Math.max(tookMs * shareOfTime, waitMsMin), waitMsMax);
    } catch (error) {
      waitMs = waitMsMin;
      if (!stop.aborted) log.warn({ err: error }, 'uses of endpoints could not be brought up to date');
    }
  }
}

/**
 * Folds what has arrived since the last time and is stored. A crash between the two effects leaves the second undone:
 * the same arrivals are folded again, which changes nothing.
 * @returns up to which arrival it is done, epoch ms; 0 while nothing is stored
 */
export async function foldOnce(store: Store, clock: Clock, signal?: AbortSignal): Promise<number> {
  const [{ folded_until: from } = { folded_until: 0 }] = await store.ask(endpointUseFrontier, {}, signal);
  const [stored] = await store.ask(ingestFrontier, {}, signal);
  if (!stored || stored.partitions === 0) return from;
  const to = Math.min(stored.frontier, clock.now() - unknownStreamMs);
  if (to <= from) return from;
  await foldEndpointUse(store, { from, to }, signal);
  await setEndpointUseFrontier(store, to, clock.now());
  return to;
}
