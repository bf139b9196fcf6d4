import { type Finding, type Severity, severityRank, subjectKey } from '@tripkey/contract';
import { createIncidentBook, type IncidentBookOptions } from './incident-book.ts';
import { RiskSettings } from './risk.ts';

/** What people would have been told about: one incident. */
export interface Page {
  readonly incident_id: string;
  readonly subject: string;
  /** The worst that it became. */
  readonly severity: Severity;
  /** RFC 3339. */
  readonly opened_at: string;
}

/** Pages a week that people can bear: in all, and of them those of at least a severity; no limit where none is given. */
export interface AlertBudget {
  readonly perWeek: number;
  readonly highPerWeek?: number | undefined;
  readonly criticalPerWeek?: number | undefined;
}

const dayMs = 86_400_000;
/** Thresholds are looked for between these, in steps: finer ones mean nothing on some weeks of history. */
const riskMin = 1;
const riskMax = 40;
const riskStep = 0.25;

/** The incidents that findings make, with the same book as live. @param findings in the order of detection */
export function pagesOf(
  findings: Iterable<Finding>,
  incidents: Omit<IncidentBookOptions, 'onIgnored'>,
): Page[] {
  const book = createIncidentBook(incidents);
  const pages = new Map<string, Page>();
  for (const finding of findings) {
    const at = Date.parse(finding.detected_at);
    book.closeDue(at);
    for (const { incident_id } of book.take(finding, at)) {
      const { subject, severity, openedAt } = book.get(incident_id)!;
      pages.set(incident_id, {
        ...{ incident_id, subject: subjectKey(subject), severity },
        opened_at: new Date(openedAt).toISOString(),
      });
    }
  }
  return [...pages.values()];
}

/** How many pages a week there are, in all and of at least a severity. */
export function pagesPerWeek(pages: readonly Page[], weeks: number) {
  const atLeast = (severity: Severity) =>
    pages.filter((page) => severityRank(page.severity) >= severityRank(severity)).length / weeks;
  return { all: pages.length / weeks, high: atLeast('high'), critical: atLeast('critical') };
}

/**
 * The lowest thresholds with which history stays within a budget: first that from which an incident opens, then those
 * of the severities above it. What opens whatever the risk (a critical finding) stays, so a budget may be out of reach:
 * compare `pagesPerWeek` of the outcome with it.
 * @param weeks length of the history
 */
export function solveBudget(
  findings: readonly Finding[],
  incidents: Omit<IncidentBookOptions, 'onIgnored'>,
  weeks: number,
  budget: AlertBudget,
): RiskSettings {
  const risk = incidents.risk ?? RiskSettings.parse({});
  const rateAt = (change: Partial<RiskSettings>) =>
    pagesPerWeek(pagesOf(findings, { ...incidents, risk: { ...risk, ...change } }), weeks);
  const openAt = lowest(riskMin, (at) => rateAt({ openAt: at }).all <= budget.perWeek);
  const { highPerWeek, criticalPerWeek } = budget;
  const highAt =
    highPerWeek === undefined
      ? Math.max(risk.highAt, openAt)
      : lowest(openAt, (at) => rateAt({ openAt, highAt: at, criticalAt: riskMax }).high <= highPerWeek);
  const criticalAt =
    criticalPerWeek === undefined
      ? Math.max(risk.criticalAt, highAt)
      : lowest(highAt, (at) => rateAt({ openAt, highAt, criticalAt: at }).critical <= criticalPerWeek);
  return { ...risk, openAt, highAt, criticalAt };
}

/** The pages of `before` about whose subject none of `after` was opened within a day. */
export function missedPages(before: readonly Page[], after: readonly Page[]): Page[] {
  return before.filter(
    ({ subject, opened_at }) =>
      !after.some(
        (page) =>
          page.subject === subject && Math.abs(Date.parse(page.opened_at) - Date.parse(opened_at)) <= dayMs,
      ),
  );
}

/** The lowest step at which something holds that goes on to hold above it; the highest step when it never does. */
function lowest(from: number, holds: (at: number) => boolean): number {
  let low = Math.ceil(from / riskStep);
  let high = riskMax / riskStep;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * riskStep)) high = middle;
    else low = middle + 1;
  }
  return low * riskStep;
}
