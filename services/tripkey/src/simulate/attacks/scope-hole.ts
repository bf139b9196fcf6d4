import { hourMs } from '../calendar/durations.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';
import { forbidden } from './targets.ts';

/** A door that should be locked is open: calls outside of the key's scopes succeed. */
export const scopeHole: Attack = {
  kind: 'scope-hole',
  severity: 'critical',
  roomMs: 2 * hourMs,
  suits: isAtWork,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.6);
    const doors = random.shuffled(forbidden(victim)).slice(0, random.int(1, 3));
    const count = random.logInt(4, 80);
    const times = paced(random, { from: at, count, gapMs: random.logBetween(1500, 90_000), until });
    return {
      calls: times.map((time) => {
        const door = random.pick(doors);
        return intrude(scene, intruder, time, door, { gatekeeping: 'let-through', status: door.status });
      }),
    };
  },
};
