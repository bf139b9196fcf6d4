import { hourMs } from '../calendar/durations.ts';
import type { Endpoint } from '../catalogue/endpoint.ts';
import { newestObject } from '../keys/call.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';
import { grantedReads } from './targets.ts';

/** One object after the other, by counting up their ids; some do not exist. */
export const enumeration: Attack = {
  kind: 'enumeration',
  severity: 'high',
  roomMs: 2 * hourMs,
  suits: (key, at) => isAtWork(key, at) && countable(key).length > 0,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.5);
    const endpoint = random.pick(countable(victim));
    const first = newestObject(victim, endpoint, at) - random.int(0, endpoint.objects);
    const missingShare = random.between(0.02, 0.6);
    const count = random.logInt(150, 2500);
    const times = paced(random, { from: at, count, gapMs: random.logBetween(150, 4000), until });
    return {
      calls: times.map((time, i) =>
        intrude(scene, intruder, time, endpoint, {
          object: first + i,
          status: random.chance(missingShare) ? 404 : endpoint.status,
        }),
      ),
    };
  },
};

function countable(key: SimulatedKey): readonly Endpoint[] {
  return grantedReads(key).filter(({ id, objects }) => id === 'integer' && objects > 1000);
}
