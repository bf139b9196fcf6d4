import { hourMs } from '../calendar/durations.ts';
import { type Attack, isAtWork } from './attack.ts';
import { insider, intrude } from './intruder.ts';
import { paced } from './pacing.ts';
import { grantedUnused } from './targets.ts';

/** Address, agent and pace are the owner's; only what is called gives the thief away. */
export const copycat: Attack = {
  kind: 'copycat',
  severity: 'high',
  roomMs: 2 * hourMs,
  suits: (key, at) => isAtWork(key, at) && grantedUnused(key, at).length >= 2,
  play(scene) {
    const { random, victim, at, until } = scene;
    const wanted = random.shuffled(grantedUnused(victim, at)).slice(0, random.int(2, 6));
    const times = paced(random, {
      from: at,
      count: random.logInt(10, 150),
      gapMs: random.logBetween(3000, 60_000),
      until,
    });
    return { calls: times.map((time) => intrude(scene, insider(scene), time, random.pick(wanted))) };
  },
};
