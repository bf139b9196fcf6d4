import { hourMs } from '../calendar/durations.ts';
import type { Endpoint } from '../catalogue/endpoint.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';

const megabyte = 1_000_000;

/** Few calls, each answered with a flood: somebody found out how to get all at once. */
export const exfilBytes: Attack = {
  kind: 'exfil-bytes',
  severity: 'high',
  roomMs: 3 * hourMs,
  suits: (key, at) => isAtWork(key, at) && lists(key, at).length > 0,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.6);
    const endpoint = random.pick(lists(victim, at));
    const sizeMedian = random.logBetween(12, 180) * megabyte;
    const times = paced(random, {
      from: at,
      count: random.logInt(3, 40),
      gapMs: random.logBetween(5000, 400_000),
      until,
    });
    return {
      calls: times.map((time) =>
        intrude(scene, intruder, time, endpoint, {
          status: endpoint.status,
          bytesOut: Math.round(random.lognormal(sizeMedian, 0.4)),
        }),
      ),
    };
  },
};

/** What the owner reads and what could be large. */
function lists(key: SimulatedKey, at: number): readonly Endpoint[] {
  return key.mixes.at(at).endpoints.filter(({ method, bytesOut }) => method === 'GET' && bytesOut > 5000);
}
