import { hourMs } from '../calendar/durations.ts';
import { type Endpoint, isRead } from '../catalogue/endpoint.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';
import { grantedUnused } from './targets.ts';

/** A key that mostly reads begins to change and delete, which its scopes have always allowed. */
export const methodShift: Attack = {
  kind: 'method-shift',
  severity: 'high',
  roomMs: 2 * hourMs,
  suits: (key, at) => isAtWork(key, at) && readShare(key, at) > 0.5 && unusedWrites(key, at).length > 0,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.75);
    const wanted = random.shuffled(unusedWrites(victim, at)).slice(0, random.int(1, 3));
    const times = paced(random, {
      from: at,
      count: random.logInt(8, 250),
      gapMs: random.logBetween(700, 45_000),
      until,
    });
    return { calls: times.map((time) => intrude(scene, intruder, time, random.pick(wanted))) };
  },
};

function unusedWrites(key: SimulatedKey, at: number): readonly Endpoint[] {
  return grantedUnused(key, at).filter((endpoint) => !isRead(endpoint));
}

function readShare(key: SimulatedKey, at: number): number {
  const { endpoints, weights, cumulative } = key.mixes.at(at);
  const reads = endpoints.reduce((sum, endpoint, i) => sum + (isRead(endpoint) ? weights[i]! : 0), 0);
  return reads / cumulative.at(-1)!;
}
