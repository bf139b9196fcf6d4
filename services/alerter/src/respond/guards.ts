import type { ResponsePolicy } from './policy.ts';

/** What the guards look at, at the moment of acting. Times are epoch ms. */
export interface GuardFacts {
  readonly nowMs: number;
  readonly keyId: string;
  readonly protectedByIssuer: boolean;
  /** When the policy stopped keys in the past day. */
  readonly stopsAt: readonly number[];
  /** Keys used in the past day. */
  readonly activeKeys: number;
  /** Everything that arrived before this is stored; null when ingest never ran. */
  readonly frontierMs: number | null;
  /** When the open incidents about keys were opened, this one among them. */
  readonly incidentsOpenedAt: readonly number[];
}

export type GuardVerdict =
  | { readonly kind: 'act' }
  /** A person has to decide. */
  | { readonly kind: 'propose'; readonly reason: string }
  /** Not now; asked again. */
  | { readonly kind: 'hold'; readonly reason: string };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whether the policy's `act` may be carried out now. Never says `act` when that would exceed a cap. */
export function checkGuards(policy: ResponsePolicy, facts: GuardFacts): GuardVerdict {
  if (policy.killSwitch) return propose('the kill switch is on');
  if (facts.protectedByIssuer || policy.protectedKeys.includes(facts.keyId))
    return propose('the key is protected');
  const hour = facts.stopsAt.filter((at) => at > facts.nowMs - hourMs).length;
  if (hour >= policy.caps.perHour)
    return propose(`${hour} keys were stopped within the hour, which is the cap`);
  const day = facts.stopsAt.filter((at) => at > facts.nowMs - dayMs).length;
  const dayMax = stopsPerDayMax(policy, facts.activeKeys);
  if (day >= dayMax) return propose(`${day} keys were stopped within the day, which is the cap`);
  const odd = facts.incidentsOpenedAt.filter((at) => at > facts.nowMs - policy.oddKeys.withinMs).length;
  const oddMax = Math.max(
    policy.oddKeys.countMax,
    Math.floor(policy.oddKeys.activeKeysShare * facts.activeKeys),
  );
  if (odd > oddMax) return propose(`${odd} keys look odd at once, so it may not be them`);
  if (facts.frontierMs === null) return hold('no data were taken in yet');
  const behindMs = facts.nowMs - facts.frontierMs;
  if (behindMs > policy.staleAfterMs)
    return hold(`data are incomplete, ingest is ${Math.round(behindMs / 60_000)} min behind`);
  return { kind: 'act' };
}

/** A share of the active keys, so that a wrong rule cannot stop a small customer whole; one is always possible. */
export function stopsPerDayMax({ caps }: ResponsePolicy, activeKeys: number): number {
  return Math.min(caps.perDay, Math.max(1, Math.floor(caps.activeKeysShare * activeKeys)));
}

const propose = (reason: string): GuardVerdict => ({ kind: 'propose', reason });
const hold = (reason: string): GuardVerdict => ({ kind: 'hold', reason });
