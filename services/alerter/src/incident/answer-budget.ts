import { type Finding, severityRank } from '@tripkey/contract';
import type { BudgetSolution } from '@tripkey/contract/api';
import { type AlertBudget, missedPages, pagesOf, pagesPerWeek, solveBudget } from './alert-budget.ts';
import type { IncidentBookOptions } from './incident-book.ts';
import { RiskSettings } from './risk.ts';

/** History, and what people could bear of it. */
export interface BudgetQuestion {
  /** In the order of detection; those from `to` on are left out. */
  readonly findings: readonly Finding[];
  /** Epoch ms, at least a week. */
  readonly from: number;
  readonly to: number;
  readonly incidents: Omit<IncidentBookOptions, 'onIgnored'>;
  readonly budget: AlertBudget;
  /** Rules that are left out, by id. */
  readonly without: readonly string[];
  /** Of what would be missed, at most so many are listed. */
  readonly listedMax: number;
}

const weekMs = 7 * 86_400_000;

/** Solves the thresholds for a budget, and says what would have been different with them. */
export function answerBudget(question: BudgetQuestion): BudgetSolution {
  const { from, to, incidents, budget, without, listedMax } = question;
  const all = question.findings.filter(({ detected_at }) => Date.parse(detected_at) < to);
  const findings = all.filter(({ rule_id }) => !without.includes(rule_id));
  const weeks = (to - from) / weekMs;
  const risk = solveBudget(findings, incidents, weeks, budget);
  const before = pagesOf(all, incidents);
  const after = pagesOf(findings, { ...incidents, risk });
  const predicted = pagesPerWeek(after, weeks);
  const missed = missedPages(before, after).sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || (a.opened_at < b.opened_at ? 1 : -1),
  );
  return {
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    ...{ weeks: round(weeks), findings: findings.length },
    within_budget:
      predicted.all <= budget.perWeek &&
      predicted.high <= (budget.highPerWeek ?? Number.POSITIVE_INFINITY) &&
      predicted.critical <= (budget.criticalPerWeek ?? Number.POSITIVE_INFINITY),
    thresholds_now: thresholdsOf(incidents.risk ?? RiskSettings.parse({})),
    thresholds: thresholdsOf(risk),
    pages_per_week_now: rounded(pagesPerWeek(before, weeks)),
    pages_per_week_predicted: rounded(predicted),
    last_week: lastWeek(findings, question),
    missed: missed.slice(0, listedMax),
    missed_total: missed.length,
  };
}

/** What thresholds solved on the weeks before predict of the last one, and what it brought; null without a week before. */
function lastWeek(
  findings: readonly Finding[],
  { from, to, incidents, budget }: BudgetQuestion,
): BudgetSolution['last_week'] {
  const since = to - weekMs;
  const weeks = (since - from) / weekMs;
  if (weeks < 1) return null;
  const isPast = ({ detected_at }: Finding) => Date.parse(detected_at) < since;
  const past = findings.filter(isPast);
  const risk = solveBudget(past, incidents, weeks, budget);
  const last = findings.filter((finding) => !isPast(finding));
  return {
    predicted: round(pagesPerWeek(pagesOf(past, { ...incidents, risk }), weeks).all),
    actual: pagesOf(last, { ...incidents, risk }).length,
  };
}

const thresholdsOf = ({ openAt, highAt, criticalAt }: RiskSettings) => ({
  ...{ open_at: openAt, high_at: highAt, critical_at: criticalAt },
});
const round = (value: number) => Math.round(value * 100) / 100;
const rounded = ({ all, high, critical }: ReturnType<typeof pagesPerWeek>) => ({
  ...{ all: round(all), high: round(high), critical: round(critical) },
});
