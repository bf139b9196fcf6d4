import { bytesOutSpike } from './bytes-out-spike/rule.ts';
import type { Rule } from './define-rule.ts';
import { dormantKeyWakes } from './dormant-key-wakes/rule.ts';
import { firstUseOfEndpoint } from './first-use-of-endpoint/rule.ts';
import { newNetwork } from './new-network/rule.ts';
import { revokedKeyUsed } from './revoked-key-used/rule.ts';
import { volumeSpike } from './volume-spike/rule.ts';

export {
  cannotTell,
  defineRule,
  fire,
  quiet,
  type Rule,
  type SignalGroup,
  severityOf,
  signalGroups,
  type Verdict,
} from './define-rule.ts';
export type * from './facts.ts';

/** Every rule, in the order in which they are judged. */
export const rules: readonly Rule[] = [
  volumeSpike,
  bytesOutSpike,
  firstUseOfEndpoint,
  newNetwork,
  revokedKeyUsed,
  dormantKeyWakes,
] as unknown as Rule[];

/** Signal group by rule id. */
export const ruleGroups: ReadonlyMap<string, string> = new Map(rules.map((rule) => [rule.id, rule.group]));
