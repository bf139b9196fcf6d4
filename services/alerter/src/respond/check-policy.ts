import { ResponsePolicy } from './policy.ts';

export interface CheckedPolicy {
  /** Null when it cannot be used. */
  readonly policy: ResponsePolicy | null;
  /** Why it cannot be used; where, and what is wrong there. */
  readonly faults: readonly string[];
  /** What can be used and is probably not meant. */
  readonly warnings: readonly string[];
}

/** Rules outside the detector: what is reported to us. */
const defaultCertain = new Set(ResponsePolicy.parse({}).evidence.certainRules);

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
    const { name: _name, mode: _mode, action: _action, ...conditions } = rule;
    const isOpen = Object.values(conditions).every((one) => one === undefined || isEmptyMap(one));
    if (isOpen && rule.mode === 'act') warnings.push(`${at}: acts on every incident, however weak`);
    if (isOpen) matchesAll ??= index;
  });
  const { evidence, warmUpMs } = policy;
  if (evidence.rulesMin === 1 && evidence.windowsMin === 1)
    warnings.push('evidence: one finding of one rule is enough to stop a key');
  for (const id of evidence.certainRules)
    if (!ruleIds.has(id) && !defaultCertain.has(id))
      warnings.push(`evidence: there is no detection rule ${id}`);
  if (warmUpMs === 0) warnings.push('warmUpMs: keys are stopped whose habits are not known');
  if (policy.caps.perDay < policy.caps.perHour)
    warnings.push('caps: perDay is below perHour, so perHour never counts');
  return { policy, faults: [], warnings };
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
