import { dayMs, hourMs } from '../calendar/durations.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { type Attack, isAtWork } from './attack.ts';

/** A silence is one when so many requests are missing, on average. */
const missingMin = 40;
const startsTriedMax = 24;

/** A lead flow stops while the gateways and everybody else go on: a form was changed, a webhook was removed. */
export const silence: Attack = {
  kind: 'silence',
  severity: 'high',
  roomMs: dayMs,
  suits: (key, at) => isAtWork(key, at) && key.archetype.isFlow && key.requestsPerDay > 60,
  play({ random, victim, at, until }) {
    const lengthMs = random.logBetween(3, 30) * hourMs;
    for (let i = 0; i < startsTriedMax; i++) {
      const from = at + i * hourMs;
      const to = Math.min(from + lengthMs, until);
      if (expected(victim, from, to) >= missingMin) return { calls: [], silence: { from, to } };
    }
    return null;
  },
};

/** Requests that the owner makes in a span of time, on average. */
function expected(key: SimulatedKey, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += hourMs) {
    sum += (key.requestsPerDay / dayMs) * key.tempo.at(at) * Math.min(hourMs, to - at);
  }
  return sum;
}
