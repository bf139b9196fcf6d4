import { type Evidence, type Severity, severityRank, worse } from '@tripkey/contract';
import type { LoggedFinding } from './incident-event.ts';

/** What one rule contributes: its weightiest finding, and how often it fired. */
export interface RuleSignal {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly title: string;
  readonly count: number;
  readonly score: number;
  readonly severity: Severity;
  /** When that finding was detected. */
  readonly at: number;
  readonly evidence: Evidence;
}

/** The signals after one more finding, worst first. @param at when it was detected, epoch ms */
export function addSignal(rules: readonly RuleSignal[], finding: LoggedFinding, at: number): RuleSignal[] {
  const had = rules.find((rule) => rule.ruleId === finding.rule_id);
  const others = rules.filter((rule) => rule !== had);
  const count = (had?.count ?? 0) + 1;
  if (had && finding.evidence === null) {
    const severity = worse(had.severity, finding.severity);
    return [...others, { ...had, count, severity }].sort(byWeight);
  }
  const signal: RuleSignal = {
    ruleId: finding.rule_id,
    ruleVersion: finding.rule_version,
    title: finding.title,
    count,
    score: finding.score,
    severity: had ? worse(had.severity, finding.severity) : finding.severity,
    at,
    evidence: finding.evidence ?? { observed: {}, expected: {}, params: {}, samples: [] },
  };
  return [...others, signal].sort(byWeight);
}

/** Worst first; the name decides between equals, so that the order is always the same. */
function byWeight(a: RuleSignal, b: RuleSignal): number {
  const bySeverity = severityRank(b.severity) - severityRank(a.severity);
  return bySeverity || b.score - a.score || (a.ruleId < b.ruleId ? -1 : 1);
}
