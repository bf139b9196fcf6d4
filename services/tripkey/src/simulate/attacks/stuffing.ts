import { hourMs } from '../calendar/durations.ts';
import { endpointNamed } from '../catalogue/endpoints.ts';
import type { Attack } from './attack.ts';
import { intrudeOn, stranger } from './intruder.ts';
import { paced } from './pacing.ts';

const whoAmI = endpointNamed('GET /v1/me');
const readLeads = endpointNamed('GET /v1/leads');

/** One address tries a list of keys that it found; most of them are wrong. */
export const stuffing: Attack = {
  kind: 'stuffing',
  severity: 'high',
  roomMs: hourMs,
  suits: ({ life }, at) => life.createdAt < at,
  play(scene) {
    const { random, world, at, until } = scene;
    const intruder = stranger(scene, 0);
    const existing = world.keys.filter(({ life }) => life.createdAt < at);
    const tried = random.shuffled(existing).slice(0, random.int(12, 60));
    const rightShare = random.between(0, 0.5);
    const endpoint = random.pick([whoAmI, readLeads]);
    const ip = intruder.home.address(random, at);
    const attempts = tried.flatMap((key) => {
      const gatekeeping = random.chance(rightShare) ? ('check' as const) : ('refuse' as const);
      return Array.from({ length: random.int(1, 3) }, () => ({ key, gatekeeping }));
    });
    const times = paced(random, {
      from: at,
      count: attempts.length,
      gapMs: random.logBetween(400, 20_000),
      until,
    });
    const calls = times.map((time, i) => {
      const { key, gatekeeping } = attempts[i]!;
      return intrudeOn(key, random, intruder, time, endpoint, { ip, gatekeeping });
    });
    return { calls, ip };
  },
};
