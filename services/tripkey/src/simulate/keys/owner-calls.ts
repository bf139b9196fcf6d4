import type { Random } from '../random/random.ts';
import type { Span } from '../timing/arrivals.ts';
import { inOrder } from '../timing/in-order.ts';
import type { Call } from './call.ts';
import type { SimulatedKey } from './simulated-key.ts';

/** What the owner of a key does with it in a span of time; ascending. */
export function* ownerCalls(key: SimulatedKey, span: Span, random: Random): Generator<Call> {
  const from = Math.max(span.from, key.life.usedFrom);
  const to = Math.min(span.to, key.life.usedTo);
  if (from >= to) return;
  const { shared } = key.life;
  for (const call of inOrder(key.archetype.traffic({ key, span: { from, to }, random }))) {
    if (call.at >= to) return;
    if (key.silences.some((silence) => call.at >= silence.from && call.at < silence.to)) continue;
    const isShared = shared !== null && call.at >= shared.from && call.at < shared.to;
    if (isShared && random.chance(0.5)) continue;
    yield call;
  }
}
