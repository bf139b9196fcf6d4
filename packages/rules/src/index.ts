import { agentChange } from './agent-change/rule.ts';
import { breadthBurst } from './breadth-burst/rule.ts';
import { bytesOutSpike } from './bytes-out-spike/rule.ts';
import type {
  AdviceRule,
  FleetRule,
  GatewayRule,
  ReportRule,
  Rule,
  RuleOf,
  SourceRule,
} from './define-rule.ts';
import { deniedBreadth } from './denied-breadth/rule.ts';
import { dormantKeyWakes } from './dormant-key-wakes/rule.ts';
import { errorRateShift } from './error-rate-shift/rule.ts';
import { firstUseOfEndpoint } from './first-use-of-endpoint/rule.ts';
import { firstUseOfScope } from './first-use-of-scope/rule.ts';
import { fleetWideShift } from './fleet-wide-shift/rule.ts';
import { gatewayWentBlind } from './gateway-went-blind/rule.ts';
import { keyWentSilent } from './key-went-silent/rule.ts';
import { leakReported } from './leak-reported/rule.ts';
import { limitPressure } from './limit-pressure/rule.ts';
import { mixShift } from './mix-shift/rule.ts';
import { newNetwork } from './new-network/rule.ts';
import { objectEnumeration } from './object-enumeration/rule.ts';
import { offHoursUse } from './off-hours-use/rule.ts';
import { oneSourceManyKeys } from './one-source-many-keys/rule.ts';
import { outsideScopes } from './outside-scopes/rule.ts';
import { predecessorUsed } from './predecessor-used/rule.ts';
import { revokedKeyUsed } from './revoked-key-used/rule.ts';
import { rotationOverdue } from './rotation-overdue/rule.ts';
import { slowRamp } from './slow-ramp/rule.ts';
import { sourceFanOut } from './source-fan-out/rule.ts';
import { sustainedRise } from './sustained-rise/rule.ts';
import { twoPlacesAtOnce } from './two-places-at-once/rule.ts';
import { unknownKeyProbing } from './unknown-key-probing/rule.ts';
import { unlikeItsKin } from './unlike-its-kin/rule.ts';
import { unusedKey } from './unused-key/rule.ts';
import { unusedScopes } from './unused-scopes/rule.ts';
import { volumeDrop } from './volume-drop/rule.ts';
import { volumeSpike } from './volume-spike/rule.ts';

export type * from './advice-facts.ts';
export {
  type AdviceRule,
  cannotTell,
  defineAdviceRule,
  defineFleetRule,
  defineGatewayRule,
  defineRule,
  defineSourceRule,
  type FleetRule,
  fire,
  type GatewayRule,
  quiet,
  type ReportRule,
  type Rule,
  type RuleOf,
  type SignalGroup,
  type SourceRule,
  severityOf,
  signalGroups,
  type Verdict,
} from './define-rule.ts';
export type * from './facts.ts';
export { factsRead } from './facts-read.ts';
export type * from './fleet-facts.ts';
export type * from './habit-facts.ts';
export { isSensitive } from './sensitivity.ts';
export { leakReported };

/** Every rule that judges a key, in the order in which they are judged. */
export const keyRules: readonly Rule[] = [
  volumeSpike,
  sustainedRise,
  slowRamp,
  offHoursUse,
  bytesOutSpike,
  keyWentSilent,
  volumeDrop,
  firstUseOfEndpoint,
  firstUseOfScope,
  mixShift,
  breadthBurst,
  unlikeItsKin,
  outsideScopes,
  limitPressure,
  newNetwork,
  agentChange,
  twoPlacesAtOnce,
  sourceFanOut,
  deniedBreadth,
  errorRateShift,
  objectEnumeration,
  revokedKeyUsed,
  predecessorUsed,
  dormantKeyWakes,
] as unknown as Rule[];

/** Every rule that judges a client address. */
export const sourceRules: readonly SourceRule[] = [
  oneSourceManyKeys,
  unknownKeyProbing,
] as unknown as SourceRule[];

/** Every rule that judges a gateway. */
export const gatewayRules: readonly GatewayRule[] = [gatewayWentBlind] as unknown as GatewayRule[];

/** Every rule that judges what all keys do together. */
export const fleetRules: readonly FleetRule[] = [fleetWideShift] as unknown as FleetRule[];

/** Every rule that advises how a key is kept. */
export const adviceRules: readonly AdviceRule[] = [
  rotationOverdue,
  unusedKey,
  unusedScopes,
] as unknown as AdviceRule[];

/** Rules by what they judge. */
export interface RuleSet {
  readonly keyRules: readonly Rule[];
  readonly sourceRules: readonly SourceRule[];
  readonly gatewayRules: readonly GatewayRule[];
  readonly fleetRules: readonly FleetRule[];
  readonly adviceRules: readonly AdviceRule[];
}

/** Every rule that the detector asks. */
export const ruleSet: RuleSet = { keyRules, sourceRules, gatewayRules, fleetRules, adviceRules };

/** Every rule that judges what somebody outside reported; the detector has none of them. */
export const reportRules: readonly ReportRule[] = [leakReported] as unknown as ReportRule[];

/** Every rule, whatever it judges. */
export const allRules: readonly RuleOf<never>[] = [...Object.values(ruleSet).flat(), ...reportRules];

/** Signal group by rule id. */
export const ruleGroups: ReadonlyMap<string, string> = new Map(allRules.map((rule) => [rule.id, rule.group]));

/** Where a rule's page is: why it matters, how it decides, what it misses (Markdown). */
export function rulePage(ruleId: string): URL {
  return new URL(`./${ruleId}/README.md`, import.meta.url);
}
