import type { KeyRecord } from '@tripkey/contract';
import { durationText } from '../alert/wording.ts';
import type { Incident } from '../incident/incident.ts';
import { freezeAt } from './freeze.ts';
import { isProtected, type ResponsePolicy } from './policy.ts';

/** A stop that was approved without a person, and was not called off before it began. */
export interface AutomaticStop {
  readonly keyId: string;
  /** When the issuer was asked, epoch ms; null while it was not, which may be any moment. */
  readonly at: number | null;
}

/** What the guards look at, at the moment of acting. Times are epoch ms. */
export interface GuardFacts {
  readonly nowMs: number;
  readonly incident: Pick<Incident, 'score' | 'rules' | 'windowEnds' | 'hasOtherKeys' | 'lastFindingAt'>;
  readonly keyId: string;
  readonly key: KeyRecord | undefined;
  /** The issuer's own mark that no machine may stop this key; `unknown` while it does not clearly say. */
  readonly protectedByIssuer: boolean | 'unknown';
  /** Who turned everything off at once; null when nobody did. */
  readonly killedBy: string | null;
  /** What the policy stopped in the past day. */
  readonly stops: readonly AutomaticStop[];
  /** The owner of any key. */
  readonly ownerOf: (keyId: string) => string | undefined;
  /** Keys used in the past day. */
  readonly activeKeys: number;
  /** The key's share of all requests of the past day; null when the policy does not ask for it. */
  readonly trafficShare: number | null;
  /** Everything that arrived before this is stored; null when ingest never ran. */
  readonly frontierMs: number | null;
  /** Keys with an incident that was opened within `oddKeys.withinMs`, this one among them, at any alerter. */
  readonly oddKeys: number;
}

export type GuardVerdict =
  | { readonly kind: 'act' }
  /** A person has to decide; `loud`: a cap was reached, so that the policy does nothing more for a while. */
  | { readonly kind: 'propose'; readonly reason: string; readonly loud: boolean }
  /** Not now; asked again. */
  | { readonly kind: 'hold'; readonly reason: string };

/** The reason to hold when nothing else speaks against a stop, as far as it is known without the issuer. */
export const issuerSaysNothing = 'the issuer does not say now whether the key is protected';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whether the policy's `act` may be carried out now. Never says `act` when that would exceed a cap. */
export function checkGuards(policy: ResponsePolicy, facts: GuardFacts): GuardVerdict {
  if (facts.killedBy !== null) return propose(`the kill switch is on, by ${facts.killedBy}`);
  if (policy.killSwitch) return propose('the kill switch is on');
  const frozen = frozenBy(policy, facts.nowMs);
  if (frozen !== null) return propose(frozen);
  if (facts.protectedByIssuer === true || isProtected(policy, facts.keyId, facts.key))
    return propose('the key is protected');
  if (facts.incident.hasOtherKeys) return propose('some of what was found is about another key');
  if (facts.nowMs - facts.incident.lastFindingAt > dayMs)
    return propose('what was found is older than a day');
  const { protectedTrafficShare = 1 } = policy;
  if ((facts.trafficShare ?? 0) > protectedTrafficShare)
    return propose(`the key makes ${Math.round(100 * (facts.trafficShare ?? 0))} % of all requests`);
  if (!isCertain(policy, facts)) {
    const lacking = lackingEvidence(policy, facts);
    if (lacking !== null) return hold(lacking);
    const createdAt = facts.key?.created_at ? Date.parse(facts.key.created_at) : null;
    if (createdAt !== null && facts.nowMs - createdAt < policy.warmUpMs)
      return propose('the key is so young that its habits are not known yet');
  }
  const over = overCap(policy, { ...facts, more: 1 });
  if (over !== null) return { kind: 'propose', reason: over, loud: true };
  const odd = tooManyOdd(policy, facts);
  if (odd !== null) return propose(odd);
  if (facts.protectedByIssuer === 'unknown') return hold(issuerSaysNothing);
  if (facts.frontierMs === null) return hold('no data were taken in yet');
  const behindMs = facts.nowMs - facts.frontierMs;
  if (behindMs > policy.staleAfterMs)
    return hold(`data are incomplete, ingest is more than ${durationText(policy.staleAfterMs)} behind`);
  return { kind: 'act' };
}

/**
 * Which cap the stops of the past day and `more` of this key go over; null when none.
 *
 * Several alerters stop keys at the same time. Each writes its approval first and then asks again with `more: 0`: of
 * all that go on, the last to ask has seen every other, so together they never exceed a cap.
 */
export function overCap(
  policy: ResponsePolicy,
  facts: Pick<GuardFacts, 'nowMs' | 'keyId' | 'stops' | 'ownerOf' | 'activeKeys'> & { readonly more: number },
): string | null {
  const { nowMs, stops, more, ownerOf } = facts;
  const since = (ms: number) => stops.filter(({ at }) => at === null || at > nowMs - ms);
  const owner = ownerOf(facts.keyId);
  const ofOwner = since(hourMs).filter(({ keyId }) => owner !== undefined && ownerOf(keyId) === owner);
  if (owner !== undefined && ofOwner.length + more > policy.caps.perOwnerAndHour)
    return `the cap of keys of one owner within the hour, ${policy.caps.perOwnerAndHour}, is reached`;
  if (since(hourMs).length + more > policy.caps.perHour)
    return `the cap of keys within the hour, ${policy.caps.perHour}, is reached`;
  const dayMax = stopsPerDayMax(policy, facts.activeKeys);
  if (since(dayMs).length + more > dayMax) return `the cap of keys within the day, ${dayMax}, is reached`;
  return null;
}

/** Why nothing may be stopped without a person at a time; null when it may. */
export function frozenBy({ freeze }: ResponsePolicy, atMs: number): string | null {
  const name = freezeAt(freeze, atMs);
  return name === null ? null : `nothing is stopped during ${name}`;
}

/** That more keys look odd at once than can be stolen; null when they are few. */
export function tooManyOdd(
  { oddKeys: { countMax, activeKeysShare } }: ResponsePolicy,
  { oddKeys, activeKeys }: Pick<GuardFacts, 'oddKeys' | 'activeKeys'>,
): string | null {
  if (oddKeys <= Math.max(countMax, Math.floor(activeKeysShare * activeKeys))) return null;
  return `${oddKeys} keys look odd at once, so it may not be them`;
}

/** A share of the active keys, so that a wrong rule cannot stop a small customer whole; one is always possible. */
export function stopsPerDayMax({ caps }: ResponsePolicy, activeKeys: number): number {
  return Math.min(caps.perDay, Math.max(1, Math.floor(caps.activeKeysShare * activeKeys)));
}

function isCertain({ evidence }: ResponsePolicy, { incident }: GuardFacts): boolean {
  return spokenBy(incident).some(({ ruleId }) => evidence.certainRules.includes(ruleId));
}

/** Rules that speak for a stop: advice, and what a false positive taught to expect, have no weight. */
function spokenBy({ rules }: GuardFacts['incident']) {
  return rules.filter(({ score }) => score > 0);
}

function lackingEvidence({ evidence }: ResponsePolicy, { incident }: GuardFacts): string | null {
  const waits = (what: string) => `it waits for more evidence, ${what}`;
  if (incident.score < evidence.scoreMin)
    return waits(`the risk is ${Math.round(incident.score * 10) / 10}, under ${evidence.scoreMin}`);
  const rules = spokenBy(incident).length;
  if (rules < evidence.rulesMin) return waits(`${rules} of ${evidence.rulesMin} rules speak for it`);
  const windows = incident.windowEnds.length;
  if (windows < evidence.windowsMin) return waits(`${windows} of ${evidence.windowsMin} windows`);
  return null;
}

const propose = (reason: string): GuardVerdict => ({ kind: 'propose', reason, loud: false });
const hold = (reason: string): GuardVerdict => ({ kind: 'hold', reason });
