import { hourMs } from '../calendar/durations.ts';
import type { Attack } from './attack.ts';
import { intrude, stranger } from './intruder.ts';
import { paced } from './pacing.ts';
import { grantedReads } from './targets.ts';

/** Committed to a public repository on its first day: a key is stolen before it has a history. */
export const newKeyStolen: Attack = {
  kind: 'new-key-stolen',
  severity: 'critical',
  roomMs: 6 * hourMs,
  // Begins soon after the key's creation, so only that has to lie behind the earliest moment.
  suits: (key, at) => key.fate === 'new' && key.life.createdAt >= at && grantedReads(key).length > 0,
  play(scene) {
    const { random, victim, until } = scene;
    const intruder = stranger({ ...scene, at: victim.life.createdAt });
    const from = victim.life.createdAt + random.logBetween(0.2, 5) * hourMs;
    const wanted = random.shuffled(grantedReads(victim)).slice(0, random.int(1, 5));
    const times = paced(random, {
      from,
      count: random.logInt(30, 2000),
      gapMs: random.logBetween(150, 6000),
      until,
    });
    return { calls: times.map((time) => intrude(scene, intruder, time, random.pick(wanted))) };
  },
};
