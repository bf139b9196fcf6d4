import { type Clock, type Logger, type Metrics, repeat } from '@tripkey/service-kit';
import { gatewayLosses, gatewayRuns, type Store } from '@tripkey/store';

export interface WatchGatewaysParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How often, ms. Default 15 s. */
  readonly everyMs?: number;
  /** Whether this process is the one to do it now; of several members one is. Default: it is. */
  readonly isMine?: () => boolean;
}

/** Reasons that are told apart; senders may make up others. */
const reasons = ['buffer_full', 'invalid', 'refused', 'closed'];
const otherReasons = 'other';
/** Of a gateway that was not heard of for so long nobody waits for a heartbeat, ms. */
const goneMs = 86_400_000;
/** For so long the store keeps what a run said last, ms. */
const keptMs = 30 * 86_400_000;
/** A heartbeat may be stored so long after it came, ms: ingest was behind. */
const lateMsMax = 3_600_000;

/** What a run had lost when it was looked at last. */
interface Known {
  readonly heardAt: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Counts what gateways say they lost, and those whose heartbeats are overdue, until `stop` aborts. Losses count from the first
 * look on: what was lost before, or while another process looked, is in `gateway_runs`. Never throws.
 */
export async function watchGateways(parts: WatchGatewaysParts, stop: AbortSignal): Promise<void> {
  const { store, clock, log, metrics, everyMs = 15_000, isMine = () => true } = parts;
  const overdue = metrics.gauge(
    'tripkey_gateways_overdue',
    'Gateways that sent heartbeats within a day and send none any more, though they were not closed',
  );
  const dropped = metrics.counter(
    'tripkey_gateways_dropped_events_total',
    'Events that gateways say they lost, by reason: buffer_full (Tripkey was away or too slow), invalid, refused, closed, other; gateway_runs says which',
    ['reason'],
  );
  for (const reason of [...reasons, otherReasons]) dropped.inc({ reason }, 0);
  let known: Map<string, Known> | null = null;
  let lookedAt = 0;

  async function countLosses(now: number): Promise<void> {
    const since = known === null ? now - keptMs : lookedAt - lateMsMax;
    const runs = await store.ask(gatewayLosses, { since }, stop);
    const isFirst = known === null;
    known ??= new Map();
    for (const { gateway, started_at, heard_at, dropped: lost } of runs) {
      const run = `${started_at} ${gateway}`;
      const before = known.get(run)?.dropped ?? {};
      known.set(run, { heardAt: heard_at, dropped: lost });
      if (isFirst) continue;
      for (const [why, count] of Object.entries(lost)) {
        const reason = reasons.includes(why) ? why : otherReasons;
        dropped.inc({ reason }, Math.max(0, count - (before[why] ?? 0)));
      }
    }
    for (const [run, { heardAt }] of known) if (heardAt < now - keptMs) known.delete(run);
    lookedAt = now;
  }

  async function look(): Promise<void> {
    if (!isMine()) {
      known = null;
      overdue.set(0);
      return;
    }
    const now = clock.now();
    try {
      await countLosses(now);
      const runs = await store.ask(gatewayRuns, { since: now - goneMs }, stop);
      overdue.set(runs.filter(({ overdue_at }) => overdue_at > 0 && overdue_at < now).length);
    } catch (error) {
      if (!stop.aborted) log.warn({ err: error }, 'what gateways say of themselves could not be read');
    }
  }
  await repeat(everyMs, look, clock, stop);
}
