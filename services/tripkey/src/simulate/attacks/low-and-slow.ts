import { dayMs, hourMs } from '../calendar/durations.ts';
import { drawEndpoint } from '../keys/endpoint-mix.ts';
import { type Attack, isAtWork } from './attack.ts';
import { intrude, stranger } from './intruder.ts';
import { paced } from './pacing.ts';

/** A patient thief: a few requests an hour from elsewhere, to what the owner calls too, for days. */
export const lowAndSlow: Attack = {
  kind: 'low-and-slow',
  severity: 'high',
  roomMs: 1.5 * dayMs,
  suits: (key, at) => isAtWork(key, at) && key.requestsPerDay > 20,
  play(scene) {
    const { random, victim, at } = scene;
    const intruder = stranger(scene, 0.65);
    const until = Math.min(scene.until, at + random.between(1.2, 4) * dayMs);
    const gapMs = hourMs / random.logBetween(1.5, 14);
    const times = paced(random, { from: at, count: 2000, gapMs, until });
    return {
      calls: times.map((time) => intrude(scene, intruder, time, drawEndpoint(random, victim.mixes.at(time)))),
    };
  },
};
