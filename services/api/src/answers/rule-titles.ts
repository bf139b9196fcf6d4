import { allRules, type RuleOf } from '@tripkey/rules';

/** Every rule by its id. */
export const rulesById: ReadonlyMap<string, RuleOf<never>> = new Map(allRules.map((rule) => [rule.id, rule]));

/** What a rule says; for one that this release has not, its id. */
export function ruleTitle(ruleId: string): string {
  return rulesById.get(ruleId)?.title ?? ruleId;
}
