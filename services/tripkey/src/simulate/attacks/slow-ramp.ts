import { dayMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { arrivals } from '../timing/arrivals.ts';
import { type Attack, isAtWork } from './attack.ts';

/** A little more every day, so that nobody sees a step; from the owner's own machines. */
export const slowRamp: Attack = {
  kind: 'slow-ramp',
  severity: 'medium',
  roomMs: 3 * dayMs,
  suits: (key, at) =>
    isAtWork(key, at) && key.archetype.isFlow && key.requestsPerDay > 80 && key.requestsPerDay < 8000,
  play({ random, victim, at, until }) {
    const to = Math.min(until, at + random.between(3, 6) * dayMs);
    const final = random.between(1.5, 5);
    const usual = victim.requestsPerDay / dayMs;
    const rate = (time: number) => usual * victim.tempo.at(time) * final * ((time - at) / (to - at));
    return {
      calls: [...arrivals(random, { from: at, to }, rate)].map((time) => usualCall(random, victim, time)),
    };
  },
};
