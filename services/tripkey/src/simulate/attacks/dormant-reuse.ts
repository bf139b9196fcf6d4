import { dayMs, hourMs } from '../calendar/durations.ts';
import type { Attack } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';
import { grantedReads } from './targets.ts';

/** A key that nobody has used for long is used. */
export const dormantReuse: Attack = {
  kind: 'dormant-reuse',
  severity: 'high',
  roomMs: 2 * hourMs,
  suits: (key, at) =>
    key.fate === 'dormant' && key.life.usedTo < at - 4 * dayMs && grantedReads(key).length > 0,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.2);
    const wanted = random.shuffled(grantedReads(victim)).slice(0, random.int(1, 5));
    const times = paced(random, {
      from: at,
      count: random.logInt(6, 400),
      gapMs: random.logBetween(800, 60_000),
      until,
    });
    return { calls: times.map((time) => intrude(scene, intruder, time, random.pick(wanted))) };
  },
};
