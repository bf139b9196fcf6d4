import { hourMs, minuteMs } from '../calendar/durations.ts';
import type { Attack } from './attack.ts';
import { isAtWork } from './attack.ts';
import { intrude, stranger } from './intruder.ts';
import { paced } from './pacing.ts';
import { grantedReads } from './targets.ts';

/** A leaked key is found, and somebody reads all it can read, as fast as they dare. */
export const leakScrape: Attack = {
  kind: 'leak-scrape',
  severity: 'critical',
  roomMs: 2 * hourMs,
  suits: (key, at) => isAtWork(key, at) && grantedReads(key).length >= 2,
  play(scene) {
    const { random, victim, at } = scene;
    const intruder = stranger(scene);
    const wanted = random.shuffled(grantedReads(victim)).slice(0, random.int(1, 4));
    const until = Math.min(scene.until, at + random.logBetween(4, 100) * minuteMs);
    const count = random.logInt(250, 7000);
    const times = paced(random, { from: at, count, gapMs: random.logBetween(60, 1500), until });
    return { calls: times.map((time) => intrude(scene, intruder, time, random.pick(wanted))) };
  },
};
