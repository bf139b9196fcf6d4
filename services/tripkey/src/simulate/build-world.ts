import { stageAttacks } from './attacks/stage.ts';
import { benign } from './disturbances/disturbance.ts';
import { disturbances } from './disturbances/index.ts';
import type { Call } from './keys/call.ts';
import { drawPopulation } from './keys/population.ts';
import { type Benign, isoTime, type Labels } from './labels.ts';
import type { SimulationPlan } from './options.ts';
import { Random } from './random/random.ts';
import type { Swell, World } from './world.ts';

const gateways = ['edge-fra-1', 'edge-fra-2', 'edge-iad-1'] as const;

export interface BuiltWorld {
  readonly world: World;
  readonly labels: Labels;
  /** Calls besides the owners' usual ones: hand tests, forgotten clients, attacks. */
  readonly extras: readonly (readonly Call[])[];
}

/** The business, what happens to it, and what is true about it. Equal plans build equal worlds. */
export function buildWorld(plan: SimulationPlan): BuiltWorld {
  const seed = `tripkey-simulation/${plan.seed}`;
  const random = new Random(seed);
  const swells: Swell[] = [];
  const parts = { plan, random: random.fork('population'), swells, gateways: gateways.length };
  const { keys, appOf } = drawPopulation(parts);
  const span = { from: plan.from, to: plan.to };
  const world: World = { seed, span, gateways, keys, swells, troubles: [], outages: [] };
  const extras: (readonly Call[])[] = [];
  const known: Benign[] = lifeEvents(world);
  if (plan.disturbances) {
    for (const [name, disturb] of Object.entries(disturbances)) {
      const addCalls = (calls: readonly Call[]) => extras.push(calls.filter(({ at }) => at >= span.from));
      const done = disturb({ world, random: random.fork(`disturbance/${name}`), appOf, addCalls });
      // What would begin after the end (a forgotten client of a key revoked in the last hour) never happens.
      known.push(...done.filter(({ start }) => Date.parse(start) < span.to));
    }
  }
  const staged = stageAttacks({
    world,
    kinds: plan.attacks,
    from: plan.attackFrom,
    random: random.fork('attacks'),
  });
  const labels: Labels = {
    start: isoTime(plan.from),
    attack_from: isoTime(plan.attackFrom),
    days: plan.days,
    keys: keys.length,
    seed: plan.seed,
    benign: known.sort((a, b) => a.start.localeCompare(b.start)),
    incidents: staged.incidents,
    skipped: staged.skipped,
  };
  return { world, labels, extras: [...extras, ...staged.calls] };
}

/** Keys that are made, rotated and revoked in the ordinary course of business. */
function lifeEvents({ keys, span }: World): Benign[] {
  const out: Benign[] = [];
  const add = (type: string, at: number | null, keyId: string) => {
    if (at !== null && at >= span.from && at < span.to) out.push(benign(type, at, at, { key_id: keyId }));
  };
  for (const { id, fate, life } of keys) {
    if (fate === 'new') add('key-created', life.createdAt, id);
    add('key-rotated', life.rotatedAt, id);
    add('key-revoked', life.revokedAt, id);
  }
  return out;
}
