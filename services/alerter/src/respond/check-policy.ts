import { ResponsePolicy } from './policy.ts';

export interface CheckedPolicy {
  /** Null when it cannot be used. */
  readonly policy: ResponsePolicy | null;
  /** Why it cannot be used; where, and what is wrong there. */
  readonly faults: readonly string[];
  /** What can be used and is probably not meant. */
  readonly warnings: readonly string[];
}

/** Whether something is a policy, and whether it says what its author probably means. */
export function checkPolicy(value: unknown, ruleIds: ReadonlySet<string>): CheckedPolicy {
  const parsed = ResponsePolicy.safeParse(value ?? {});
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || '(top)'}: ${message}`,
    );
    return { policy: null, faults, warnings: [] };
  }
  const policy = parsed.data;
  const warnings: string[] = [];
  if (policy.killSwitch) warnings.push('killSwitch: it is on, nothing will be done without people');
  if (policy.rules.length === 0) warnings.push('rules: there are none, so everything is only observed');
  let matchesAll: number | null = null;
  policy.rules.forEach((rule, index) => {
    const at = `rules.${index}${rule.name ? ` (${rule.name})` : ''}`;
    if (matchesAll !== null) warnings.push(`${at}: never reached, rule ${matchesAll + 1} matches everything`);
    for (const id of rule.rules ?? [])
      if (!ruleIds.has(id)) warnings.push(`${at}: there is no detection rule ${id}`);
    const isOpen = !rule.rules && !rule.severityMin && Object.keys(rule.keyTags ?? {}).length === 0;
    if (isOpen && rule.mode === 'act') warnings.push(`${at}: acts on every incident, however weak`);
    if (isOpen) matchesAll ??= index;
  });
  if (policy.caps.perDay < policy.caps.perHour)
    warnings.push('caps: perDay is below perHour, so perHour never counts');
  return { policy, faults: [], warnings };
}
