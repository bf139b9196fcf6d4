import { hourMs } from '../calendar/durations.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';
import { forbidden } from './targets.ts';

/** Doors that are locked for this key are tried, again and again: every call is refused. */
export const privProbe: Attack = {
  kind: 'priv-probe',
  severity: 'high',
  roomMs: hourMs,
  suits: isAtWork,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.5);
    const doors = random.shuffled(forbidden(victim)).slice(0, random.int(3, 14));
    const count = random.logInt(8, 60);
    const times = paced(random, { from: at, count, gapMs: random.logBetween(2000, 60_000), until });
    return { calls: times.map((time) => intrude(scene, intruder, time, random.pick(doors))) };
  },
};
