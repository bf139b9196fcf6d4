import type { Call } from '../keys/call.ts';
import { ownerCalls } from '../keys/owner-calls.ts';
import type { Random } from '../random/random.ts';
import type { World } from '../world.ts';
import type { CallSource } from './delivery.ts';

/** What the owners of the world's keys do in its span, and lists of other calls. */
export function callSources(
  world: World,
  others: readonly (readonly Call[])[],
  random: Random,
): CallSource[] {
  const owners = world.keys.map((key) => ({
    calls: ownerCalls(key, world.span, random.fork(key.id)),
    random: random.fork(`${key.id}/delivery`),
  }));
  return [
    ...owners,
    ...others.map((calls, i) => ({ calls: calls.values(), random: random.fork(`others/${i}`) })),
  ];
}
