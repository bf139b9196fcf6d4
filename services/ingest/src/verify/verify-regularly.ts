import { type Clock, type Logger, type Metrics, repeat } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { type VerifyReport, verifyStore } from './verify-store.ts';

export interface VerifyRegularlyParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How often, ms. Default one hour. */
  readonly everyMs?: number;
  /** How far back the first check goes, ms; later ones begin where the one before held. Default 25 hours. */
  readonly backMsMax?: number;
  /** Whether this process is the one to do it now; of several members one is. Default: it is. */
  readonly isMine?: () => boolean;
}

/** How long after the start the first check comes, ms. */
const firstMs = 60_000;

/** Verifies and repairs what has arrived, again and again, until `stop` aborts. Logs what was wrong; never throws. */
export async function verifyRegularly(parts: VerifyRegularlyParts, stop: AbortSignal): Promise<void> {
  const { store, clock, log, metrics, everyMs = 3_600_000, backMsMax = 25 * 3_600_000 } = parts;
  const lastHeld = metrics.gauge(
    'tripkey_verify_last_held_timestamp_seconds',
    'When raw, its rollup and the streams were last found to agree; should not be older than some hours',
  );
  const faults = metrics.counter(
    'tripkey_verify_faults_total',
    'What a check found wrong; all but holes is repaired at once. A rise wants an explanation',
    ['kind'],
  );
  let heldTo = 0;

  async function verify(): Promise<void> {
    if (parts.isMine && !parts.isMine()) return;
    const to = clock.now();
    const from = Math.max(heldTo - 600_000, to - backMsMax);
    try {
      const report = await verifyStore(store, { from, to, repair: true, signal: stop });
      const counts = countFaults(report);
      for (const [kind, count] of Object.entries(counts)) faults.inc({ kind }, count);
      if (report.held) {
        heldTo = to;
        lastHeld.set(to / 1_000);
      }
      const level = !report.held ? 'error' : report.repaired ? 'warn' : 'info';
      log[level]({ ...counts, from: new Date(from), held: report.held }, 'what is stored was verified');
    } catch (error) {
      if (!stop.aborted) log.warn({ err: error }, 'what is stored could not be verified, trying again later');
    }
  }
  // Not at the start, when partitions are not dealt out yet and much is being caught up with.
  await clock.sleep(Math.min(everyMs, firstMs), stop).catch(() => {});
  await repeat(everyMs, verify, clock, stop);
}

/** What a report has found wrong, by kind. */
export function countFaults({ partitions, unmarkedRepeats }: VerifyReport): Record<string, number> {
  const sum = (of: (partition: VerifyReport['partitions'][number]) => number) =>
    partitions.reduce((total, partition) => total + of(partition), 0);
  return {
    duplicates: sum(({ duplicates }) => duplicates),
    holes: sum(({ holes }) => holes.reduce((total, { from, to }) => total + to - from + 1, 0)),
    rollup_mismatches: sum(({ rollupMismatches }) => rollupMismatches),
    unmarked_repeats: unmarkedRepeats,
  };
}
