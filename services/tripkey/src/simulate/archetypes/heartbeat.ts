import { dayMs, minuteMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { timerRuns } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

/** Asks the same thing at the same pace day and night, as monitors do. */
export const heartbeat: Archetype = {
  name: 'heartbeat',
  share: 5,
  rhythm: 'machine',
  requestsPerDay: { median: 400, sigma: 0.7 },
  scales: true,
  isFlow: true,
  closedShare: 1,
  swellShare: 0,
  dayNoise: 0,
  uses: [
    ['GET /v1/me', 6],
    ['GET /v1/leads', 1, 0.3],
    ['GET /v1/workflows', 1, 0.2],
  ],
  clients: [
    { agents: ['monitor', 'go'], provider: 'cloud', styles: ['pair', 'host', 'nat'] },
    { agents: ['curl'], provider: 'office', styles: ['host'] },
  ],
  *traffic({ key, span, random }) {
    const periodMs = Math.max(1, Math.round(dayMs / key.requestsPerDay / minuteMs)) * minuteMs;
    const phaseMs = (key.index * 7000) % periodMs;
    const forgetsShare = 0.001;
    for (const at of timerRuns(random, span, { periodMs, phaseMs, jitterMs: 250 })) {
      if (!random.chance(forgetsShare)) yield [usualCall(random, key, at)];
    }
  },
};
