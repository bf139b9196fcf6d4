import { createHash } from 'node:crypto';
import type { Finding } from '@tripkey/contract';
import type { Clock, Logger } from '@tripkey/service-kit';
import { ingestFrontier, type Store, slowestDetector } from '@tripkey/store';
import * as z from 'zod';
import { durationText } from '../alert/wording.ts';
import type { AlerterMetrics } from '../alerter-metrics.ts';

export const DetectorWatchSettings = z.strictObject({
  behindMsMax: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(10 * 60_000)
    .describe(
      'a detector that judged nothing, or ingest that stored nothing, for so long has stopped, and people are told; 0: nobody watches',
    ),
});
export type DetectorWatchSettings = z.infer<typeof DetectorWatchSettings>;

/** Epoch ms, over all shards. */
export interface Judged {
  /** Everything that arrived before is judged. */
  readonly until: number;
  /** When this was saved: one that has very much to catch up with is behind, and has not stopped. */
  readonly savedAt: number;
}

/** How far the detector has come, and ingest before it. */
export interface DetectorState {
  /**
   * Everything that arrived before is stored; goes on while nothing arrives. Epoch ms; null when ingest never ran. The
   * detector cannot judge what comes after it.
   */
  storedUntil(): Promise<number | null>;
  /** Null when none ever ran. */
  judged(): Promise<Judged | null>;
}

export function clickHouseDetectorState(store: Store): DetectorState {
  return {
    async storedUntil() {
      const [row] = await store.ask(ingestFrontier, {});
      return row && row.partitions > 0 ? row.frontier : null;
    },
    async judged() {
      const [row] = await store.ask(slowestDetector, {});
      return row && row.shards > 0 ? { until: row.frontier, savedAt: row.saved_at } : null;
    },
  };
}

/** Twenty times within the time that is borne, and every half a minute when that is long. */
export function watchEveryMs({ behindMsMax }: DetectorWatchSettings): number {
  return behindMsMax === 0 ? 30_000 : Math.max(500, Math.min(30_000, behindMsMax / 20));
}

/** After a pause of everything it takes a while until each has begun again; so long nothing is said. */
const beginMsMax = 2 * 60_000;
/** While it is stopped, people are reminded by a finding for each of these spans; its incident stays open so long. */
const againMs = 60 * 60_000;
/** One alerter watches: the one that holds this partition of the findings topic. */
export const watchPartition = 0;

/**
 * Notices that the detector stopped, or ingest, for which it waits: no finding comes then, and silence looks like
 * peace. What it finds is a finding like any other, so that it is told, acknowledged and resolved like any other.
 */
export class DetectorWatch {
  readonly #state: DetectorState;
  readonly #settings: DetectorWatchSettings;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #metrics: AlerterMetrics;
  readonly #take: (finding: Finding) => Promise<void>;

  constructor(parts: {
    state: DetectorState;
    settings: DetectorWatchSettings;
    clock: Clock;
    log: Logger;
    metrics: AlerterMetrics;
    take: (finding: Finding) => Promise<void>;
  }) {
    this.#state = parts.state;
    this.#settings = parts.settings;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#metrics = parts.metrics;
    this.#take = parts.take;
  }

  #since: number | null = null;
  /** Where the detector was seen, and when that was saved first: one that starts again and again saves it each time. */
  #seen: Judged = { until: Number.NaN, savedAt: 0 };

  /** One look. A store that does not answer is somebody else's alarm: it is logged and looked at again. */
  async step(): Promise<void> {
    let storedUntil: number | null;
    let judged: Judged | null;
    try {
      // The detector first: what it has judged by now is stored.
      judged = await this.#state.judged();
      storedUntil = await this.#state.storedUntil();
    } catch (err) {
      this.#log.warn({ err }, 'cannot look how far the detector is');
      return;
    }
    const now = this.#clock.now();
    this.#since ??= now;
    if (storedUntil !== null) await this.#lookAt('ingest', storedUntil, now, now);
    // One that never ran is being installed.
    if (judged === null) return;
    this.#metrics.detectorBehind.set(Math.max(0, now - judged.until) / 1_000);
    if (judged.until !== this.#seen.until) this.#seen = judged;
    if (now - this.#seen.savedAt > this.#settings.behindMsMax)
      await this.#lookAt('detector', judged.until, storedUntil ?? now, now);
  }

  /** Finds that something stands still which could have come as far as `to`. */
  async #lookAt(what: Watched, reached: number, to: number, now: number): Promise<void> {
    const { behindMsMax } = this.#settings;
    if (now < (this.#since ?? now) + Math.min(beginMsMax, behindMsMax)) return;
    if (behindMsMax > 0 && to - reached > behindMsMax) await this.#take(findingOf(what, reached, now));
  }
}

const titles = {
  detector: 'The detector has stopped: no key is watched',
  ingest: 'Ingest stands still: what gateways report is not stored, and no key is watched',
} as const;
type Watched = keyof typeof titles;

function findingOf(what: Watched, reached: number, now: number): Finding {
  const span = Math.floor((now - reached) / againMs);
  const subject = { kind: 'fleet', id: what } as const;
  const time = (ms: number) => new Date(ms).toISOString();
  const rule_id = `${what}-stopped`;
  return {
    finding_id: createHash('sha256')
      .update(JSON.stringify([rule_id, reached, span]))
      .digest('hex')
      .slice(0, 32),
    ...{ rule_id, rule_version: 1, title: titles[what], subject },
    ...{ key_id: null, account_id: '', app_id: '', score: 12, severity: 'critical' },
    ...{ window_from: time(reached), window_to: time(now), detected_at: time(now) },
    evidence: {
      observed: { behind: durationText(now - reached) },
      expected: {},
      params: {},
      samples: [],
    },
  };
}
