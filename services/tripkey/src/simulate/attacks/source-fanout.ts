import { hourMs, minuteMs } from '../calendar/durations.ts';
import { intruderAgents, userAgent } from '../catalogue/agents.ts';
import { callTo } from '../keys/call.ts';
import { drawEndpoint } from '../keys/endpoint-mix.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyAddress } from './intruder.ts';
import { paced } from './pacing.ts';

/** A key was published, or its thief hides behind proxies: it is used from all over the world at once. */
export const sourceFanout: Attack = {
  kind: 'source-fanout',
  severity: 'critical',
  roomMs: 2 * hourMs,
  suits: (key, at) => isAtWork(key, at) && key.archetype.name !== 'field-app',
  play(scene) {
    const { random, victim, at } = scene;
    const until = Math.min(scene.until, at + random.logBetween(8, 110) * minuteMs);
    const addresses = Array.from({ length: random.logInt(15, 250) }, () => anyAddress(random, at));
    const agents = [
      victim.agents.at(at),
      ...random
        .shuffled(intruderAgents)
        .slice(0, random.int(0, 3))
        .map((name) => userAgent(name, 1)),
    ];
    const count = random.logInt(60, 1500);
    const times = paced(random, { from: at, count, gapMs: (until - at) / count, until });
    return {
      calls: times.map((time) =>
        callTo(random, victim, time, drawEndpoint(random, victim.mixes.at(time)), {
          ip: random.pick(addresses),
          agent: random.pick(agents),
        }),
      ),
    };
  },
};
