import { hourMs } from '../calendar/durations.ts';
import { drawEndpoint } from '../keys/endpoint-mix.ts';
import type { Attack } from './attack.ts';
import { intrude, stranger } from './intruder.ts';
import { paced } from './pacing.ts';

/** The owner has moved to a new key; somebody else goes on with the old one. */
export const predecessorReuse: Attack = {
  kind: 'predecessor-reuse',
  severity: 'high',
  roomMs: 2 * hourMs,
  suits: ({ fate, life }, at) => fate === 'predecessor' && life.usedTo < at - 12 * hourMs,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = stranger(scene, 0.5);
    const times = paced(random, {
      from: at,
      count: random.logInt(10, 400),
      gapMs: random.logBetween(700, 60_000),
      until,
    });
    return {
      calls: times.map((time) => intrude(scene, intruder, time, drawEndpoint(random, victim.mixes.at(time)))),
    };
  },
};
