import type { Store } from '@tripkey/store';
import { askBlastRadius, type BlastRadius } from './blast-radius.ts';
import { askChart, type UsageChart } from './chart.ts';

/** What the traffic of a key looked like when its incident opened: taken once, kept in the log. */
export interface Survey {
  readonly chart: UsageChart | null;
  readonly blast_radius: BlastRadius | null;
}

/** Looks at a key's traffic before people are told. */
export interface Surveyor {
  /** @throws when it cannot look; people are told without it then. */
  survey(keyId: string, span: { sinceMs: number; untilMs: number }, signal: AbortSignal): Promise<Survey>;
}

export function clickHouseSurveyor(store: Store): Surveyor {
  return {
    async survey(keyId, span, signal) {
      const [chart, blast] = await Promise.all([
        askChart(store, keyId, span.untilMs, signal),
        askBlastRadius(store, keyId, span, signal),
      ]);
      const isEmpty = chart.seen.every((requests) => requests === 0) && chart.days === 0;
      return { chart: isEmpty ? null : chart, blast_radius: blast.requests === 0 ? null : blast };
    },
  };
}
