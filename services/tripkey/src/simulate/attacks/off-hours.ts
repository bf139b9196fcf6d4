import { dayMs, hourMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { type Attack, isAtWork } from './attack.ts';
import { paced } from './pacing.ts';

/** A key of people in an office works at night: the same machine, the same calls, nobody there. */
export const offHours: Attack = {
  kind: 'off-hours',
  severity: 'medium',
  roomMs: 1.5 * dayMs,
  suits: (key, at) => isAtWork(key, at) && ['dashboard', 'sparse', 'month-end'].includes(key.archetype.name),
  play({ random, victim, at, until }) {
    const { clock } = victim.tempo;
    const midnight = Math.ceil(clock.local(at) / dayMs) * dayMs;
    const from = clock.moment(midnight + random.between(0.3, 3.5) * hourMs);
    const times = paced(random, {
      from,
      count: random.logInt(30, 300),
      gapMs: random.logBetween(3000, 45_000),
      until: Math.min(until, from + 2.5 * hourMs),
    });
    return { calls: times.map((time) => usualCall(random, victim, time)) };
  },
};
