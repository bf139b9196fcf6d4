import { dayMs, hourMs, minuteMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { arrivals } from '../timing/arrivals.ts';
import { type Attack, isAtWork } from './attack.ts';

/** Below this many requests a spike is nothing that anybody would call one. */
const requestsMin = 60;
const requestsMax = 20_000;

/** The same calls from the same machines, many times as many: a second user behind the same door. */
export const volumeSpike: Attack = {
  kind: 'volume-spike',
  severity: 'medium',
  roomMs: 3 * hourMs,
  suits: (key, at) => isAtWork(key, at) && isEven(key) && key.requestsPerDay > 40,
  play({ random, victim, at, until }) {
    const to = Math.min(until, at + random.logBetween(15, 150) * minuteMs);
    const usual = (victim.requestsPerDay / dayMs) * Math.max(victim.tempo.at(at), 0.4);
    const perMs = Math.min(usual * random.logBetween(4, 30), requestsMax / (to - at));
    if (perMs * (to - at) < requestsMin) return null;
    const times = [at, ...arrivals(random, { from: at, to }, () => perMs)];
    return { calls: times.map((time) => usualCall(random, victim, time)) };
  },
};

/** Clients that pause for days and then work like mad are never out of their way. */
function isEven({ archetype }: SimulatedKey): boolean {
  return archetype.isFlow || archetype.name === 'dashboard';
}
