import { dayMs, hourMs } from '../calendar/durations.ts';
import type { SimulationPlan } from '../options.ts';
import type { Random } from '../random/random.ts';
import type { KeyFate, KeyLife } from './simulated-key.ts';

/** One lineage: a key, or a key and its successor. */
export type Lineage = readonly { readonly fate: KeyFate; readonly life: KeyLife }[];

/** Share of the keys with each fate, and how many there are at least where there are keys enough. */
const shares = { new: 0.07, dormant: 0.06, revoked: 0.04, rotated: 0.05 } as const;
const keysForEveryFate = 16;

/** What becomes of the keys; the number of keys is exactly the plan's. */
export function drawLineages(plan: SimulationPlan, random: Random): Lineage[] {
  const count = (share: number) =>
    Math.max(plan.keys >= keysForEveryFate ? 1 : 0, Math.round(plan.keys * share));
  const lineages: Lineage[] = [
    ...Array.from({ length: count(shares.new) }, (_, i) => newKey(plan, random, i % 2 === 0)),
    ...Array.from({ length: count(shares.dormant) }, () => dormantKey(plan, random)),
    ...Array.from({ length: count(shares.revoked) }, () => revokedKey(plan, random)),
    ...Array.from({ length: count(shares.rotated) }, () => rotatedKey(plan, random)),
  ];
  for (let keys = lineages.flat().length; keys < plan.keys; keys++) {
    lineages.push([{ fate: 'steady', life: lifeOf(longAgo(plan, random)) }]);
  }
  return random.shuffled(lineages);
}

function newKey(plan: SimulationPlan, random: Random, afterAttacksBegin: boolean): Lineage {
  const from = afterAttacksBegin ? plan.attackFrom : plan.from;
  const createdAt = from + random.between(0.05, 0.8) * (plan.to - from);
  const usedFrom = createdAt + random.exponential(25 * 60_000);
  return [{ fate: 'new', life: { ...lifeOf(createdAt), usedFrom } }];
}

function dormantKey(plan: SimulationPlan, random: Random): Lineage {
  const forgottenBefore = random.chance(0.4);
  const usedTo = forgottenBefore
    ? Number.NEGATIVE_INFINITY
    : plan.from + random.between(0.02, 0.3) * (plan.attackFrom - plan.from);
  return [{ fate: 'dormant', life: { ...lifeOf(longAgo(plan, random)), usedTo } }];
}

function revokedKey(plan: SimulationPlan, random: Random): Lineage {
  const revokedAt = plan.from + random.between(0.1, 0.9) * (plan.attackFrom - plan.from);
  const usedTo = revokedAt - random.exponential(5 * hourMs);
  return [{ fate: 'revoked', life: { ...lifeOf(longAgo(plan, random)), usedTo, revokedAt } }];
}

/** The owner moves to a new key, mostly cleanly; half of the old keys are revoked afterwards. */
function rotatedKey(plan: SimulationPlan, random: Random): Lineage {
  const duringAttacks = random.chance(0.3);
  const [from, to] = duringAttacks ? [plan.attackFrom, plan.to] : [plan.from, plan.attackFrom];
  const rotatedAt = from + random.between(0.15, 0.7) * (to - from);
  const overlapMs = random.logBetween(0.5, 30) * hourMs;
  const shared = { from: rotatedAt, to: rotatedAt + overlapMs };
  const revokedAt = random.chance(0.5) ? shared.to + random.between(0.3, 3) * dayMs : null;
  return [
    {
      fate: 'predecessor',
      life: { ...lifeOf(longAgo(plan, random)), usedTo: shared.to, rotatedAt, revokedAt, shared },
    },
    {
      fate: 'successor',
      life: { ...lifeOf(rotatedAt - random.exponential(hourMs)), usedFrom: rotatedAt, shared },
    },
  ];
}

function longAgo(plan: SimulationPlan, random: Random): number {
  return plan.from - random.logBetween(20, 900) * dayMs;
}

function lifeOf(createdAt: number): KeyLife {
  return {
    createdAt: Math.round(createdAt),
    usedFrom: Number.NEGATIVE_INFINITY,
    usedTo: Number.POSITIVE_INFINITY,
    rotatedAt: null,
    revokedAt: null,
    shared: null,
  };
}
