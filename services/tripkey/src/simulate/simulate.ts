import type { KeyRecord, RequestEvent } from '@tripkey/contract';
import { type BuiltWorld, buildWorld } from './build-world.ts';
import { callSources } from './gateway/call-sources.ts';
import { type Arrival, deliver } from './gateway/delivery.ts';
import { keyRecord } from './keys/simulated-key.ts';
import type { Labels } from './labels.ts';
import { planOf, type SimulationOptions } from './options.ts';
import { Random } from './random/random.ts';

export interface Simulation {
  /** What the issuer says about the keys when the simulation ends. */
  readonly keys: readonly KeyRecord[];
  readonly labels: Labels;
  /** The events in the order in which they arrive; made while they are read, and the same every time. */
  events(): Generator<RequestEvent>;
  /** The same with the moments of arrival. */
  arrivals(): Generator<Arrival>;
}

/**
 * A lead business and what its API gateways report: honest clients of many kinds, harmless oddities, and attacks,
 * with labels that say which is which. Equal options give equal bytes.
 * @throws {UsageError} on options that make no sense.
 */
export function simulate(options: SimulationOptions): Simulation {
  const plan = planOf(options);
  const built = buildWorld(plan);
  return {
    keys: built.world.keys.map((key) => keyRecord(key, plan.to)),
    labels: built.labels,
    arrivals: () => historyOf(built),
    *events() {
      for (const { event } of historyOf(built)) yield event;
    },
  };
}

function historyOf({ world, extras }: BuiltWorld): Generator<Arrival> {
  const random = new Random(`${world.seed}/history`);
  return deliver({ world, sources: callSources(world, extras, random), random: random.fork('gateways') });
}
