import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '@tripkey/contract';
import { allRules, type Verdict } from '@tripkey/rules';
import { allow } from './engine/allow.ts';
import { told } from './engine/finding.ts';

/** What came of judging again: the same numbers, others, or why that cannot be done. */
export type Reproduction =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'different'; readonly differences: readonly Difference[] }
  | { readonly outcome: 'impossible'; readonly reason: string };

export interface Difference {
  /** Name in the finding, such as `score` or `observed`. */
  readonly what: string;
  readonly stored: unknown;
  readonly again: unknown;
}

/** Judges again what a finding is about, with the rule, the parameters and the facts that it names. */
export function reproduce(finding: Finding): Reproduction {
  const rule = allRules.find(({ id }) => id === finding.rule_id);
  if (!rule) return impossible(`this release has no rule ${finding.rule_id}`);
  if (rule.version !== finding.rule_version)
    return impossible(`this release has version ${rule.version} of the rule, not ${finding.rule_version}`);
  const { facts, params: stored } = finding.evidence;
  if (!facts) return impossible('what the rule looked at was not kept with the finding');
  const params = rule.params.safeParse(stored);
  if (!params.success) return impossible('the rule does not take the parameters any more');
  const judged = rule.evaluate(facts as never, params.data);
  const verdict = judged.kind === 'fire' ? allow(judged, finding.evidence.allowed) : judged;
  const differences = compare(finding, verdict);
  return differences.length === 0 ? { outcome: 'same' } : { outcome: 'different', differences };
}

function compare({ score, severity, evidence }: Finding, verdict: Verdict): Difference[] {
  if (verdict.kind !== 'fire') return [{ what: 'verdict', stored: 'fire', again: verdict.kind }];
  // As the store gives it back.
  const again = JSON.parse(JSON.stringify(told(verdict))) as Record<string, unknown>;
  const { observed, expected, samples, quiet_at } = evidence;
  const stored = {
    score,
    severity,
    observed,
    expected,
    samples,
    ...(quiet_at === undefined ? {} : { quiet_at }),
  };
  return Object.keys({ ...again, ...stored }).flatMap((what) => {
    const before = (stored as Record<string, unknown>)[what];
    return isDeepStrictEqual(before, again[what]) ? [] : [{ what, stored: before, again: again[what] }];
  });
}

const impossible = (reason: string): Reproduction => ({ outcome: 'impossible', reason });
