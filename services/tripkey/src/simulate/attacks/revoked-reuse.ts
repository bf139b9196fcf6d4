import { hourMs } from '../calendar/durations.ts';
import { drawEndpoint } from '../keys/endpoint-mix.ts';
import type { Attack } from './attack.ts';
import { intrude, stranger } from './intruder.ts';
import { paced } from './pacing.ts';

/** How often a gateway still accepts a revoked key: its cache, or a region that was forgotten. */
const acceptedShare = 0.35;

/** A stopped key is tried by somebody who is not its owner; sometimes with success. */
export const revokedReuse: Attack = {
  kind: 'revoked-reuse',
  severity: 'high',
  roomMs: 2 * hourMs,
  suits: ({ fate, life }, at) =>
    fate === 'revoked' && life.revokedAt !== null && life.revokedAt < at - hourMs,
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = stranger(scene);
    const gatekeeping = random.chance(acceptedShare) ? 'let-through' : 'check';
    const times = paced(random, {
      from: at,
      count: random.logInt(5, 250),
      gapMs: random.logBetween(700, 40_000),
      until,
    });
    return {
      calls: times.map((time) =>
        intrude(scene, intruder, time, drawEndpoint(random, victim.mixes.at(time)), { gatekeeping }),
      ),
    };
  },
};
