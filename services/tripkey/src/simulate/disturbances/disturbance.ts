import type { App } from '../keys/app.ts';
import type { Call } from '../keys/call.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { type Benign, isoTime } from '../labels.ts';
import type { Random } from '../random/random.ts';
import type { World } from '../world.ts';

/** Things that are odd and harmless: they change the world and say what they did. */
export type Disturbance = (parts: DisturbanceParts) => readonly Benign[];

export interface DisturbanceParts {
  readonly world: World;
  readonly random: Random;
  readonly appOf: ReadonlyMap<SimulatedKey, App>;
  /** Takes calls that are not among the owner's usual ones; ascending. */
  readonly addCalls: (calls: readonly Call[]) => void;
}

/** A moment somewhere in the middle of the world's span. */
export function someMoment(random: Random, { span }: World): number {
  return Math.round(span.from + random.between(0.08, 0.95) * (span.to - span.from));
}

/** How often something happens that is expected every so many days; at least once where it fits. */
export function occasions(random: Random, { span }: World, everyMs: number): number {
  return Math.max(1, random.poisson((span.to - span.from) / everyMs));
}

export function benign(type: string, start: number, end: number, more: Partial<Benign> = {}): Benign {
  return { type, start: isoTime(start), end: isoTime(end), ...more };
}

/** Keys in their owner's regular use, by app. */
export function keysByApp({ keys }: World): Map<string, SimulatedKey[]> {
  const byApp = new Map<string, SimulatedKey[]>();
  for (const key of keys) {
    const list = byApp.get(key.appId);
    if (list) list.push(key);
    else byApp.set(key.appId, [key]);
  }
  return byApp;
}
