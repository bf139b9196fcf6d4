import {
  AlertingConfig,
  missedPages,
  onStore,
  type Page,
  pagesOf,
  pagesPerWeek,
  solveBudget,
} from '@tripkey/alerter';
import type { Finding } from '@tripkey/contract';
import { ruleGroups } from '@tripkey/rules';
import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import { readTime } from '../read-time.ts';
import { UsageError } from '../usage-error.ts';

const BudgetConfig = AlertingConfig.extend({ clickhouse: ClickHouseConfig.prefault({}) });
const weekMs = 7 * 86_400_000;

interface Options {
  perWeek: string;
  highPerWeek?: string;
  criticalPerWeek?: string;
  from?: string;
  to?: string;
  without: string[];
  json?: boolean;
}

/** `tripkey budget`: pages a week in, thresholds out. */
export function budgetCommand(): Command {
  return new Command('budget')
    .description(
      'find the thresholds with which people are told of so many incidents a week; nothing is changed',
    )
    .requiredOption('--per-week <n>', 'incidents a week that people can bear')
    .option('--high-per-week <n>', 'of these, of high severity or worse')
    .option('--critical-per-week <n>', 'of these, critical')
    .option('--from <time>', 'findings from here on (RFC 3339); four weeks ago without it')
    .option('--to <time>', 'up to here; now without it')
    .option('--without <rule...>', 'as if these rules were not there', [])
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Reads findings from the ClickHouse that TRIPKEY_CLICKHOUSE__URL names, makes incidents of them again, and says which
of today's would be missed. The last week is told apart: what the weeks before it lead one to expect of it, and
what it brought. Put the thresholds under incidents.risk. Exit code 1 when no threshold meets the budget.`,
    )
    .action(async (options: Options) => {
      const to = options.to ? readTime('--to', options.to) : Date.now();
      const from = options.from ? readTime('--from', options.from) : to - 4 * weekMs;
      if (to - from < weekMs) throw new UsageError('at least a week between --from and --to is needed');
      for (const rule of options.without)
        if (!ruleGroups.has(rule)) throw new UsageError(`there is no rule ${rule}`);
      const budget = {
        perWeek: pagesGiven('--per-week', options.perWeek)!,
        highPerWeek: pagesGiven('--high-per-week', options.highPerWeek),
        criticalPerWeek: pagesGiven('--critical-per-week', options.criticalPerWeek),
      };
      const config = readConfig(BudgetConfig, process.env);
      await using store = openStore(config.clickhouse);
      const stored = await onStore(store).storedFindings(from);
      const all = stored.filter(({ detected_at }) => Date.parse(detected_at) < to);
      const findings = all.filter(({ rule_id }) => !options.without.includes(rule_id));
      const { risk: now, windowMs, quietMs } = config.incidents;
      const incidents = { groups: ruleGroups, windowMs, quietMs };
      const weeks = (to - from) / weekMs;

      const risk = solveBudget(findings, { ...incidents, risk: now }, weeks, budget);
      const before = pagesOf(all, { ...incidents, risk: now });
      const after = pagesOf(findings, { ...incidents, risk });
      const predicted = pagesPerWeek(after, weeks);
      const within =
        predicted.all <= budget.perWeek &&
        predicted.high <= (budget.highPerWeek ?? Number.POSITIVE_INFINITY) &&
        predicted.critical <= (budget.criticalPerWeek ?? Number.POSITIVE_INFINITY);
      tell(
        {
          ...{ weeks: round(weeks), findings: findings.length, within_budget: within },
          thresholds: { open_at: risk.openAt, high_at: risk.highAt, critical_at: risk.criticalAt },
          pages_per_week_now: rounded(pagesPerWeek(before, weeks)),
          pages_per_week_predicted: rounded(predicted),
          last_week: lastWeek(findings, { ...incidents, risk: now }, { from, to }, budget),
          missed: missedPages(before, after),
        },
        options.json === true,
      );
      if (!within) process.exitCode = 1;
    });
}

type Outcome = {
  weeks: number;
  findings: number;
  within_budget: boolean;
  thresholds: Record<string, number>;
  pages_per_week_now: Record<string, number>;
  pages_per_week_predicted: Record<string, number>;
  last_week: { predicted: number; actual: number } | null;
  missed: Page[];
};

/** What thresholds solved on the weeks before predict of the last one, and what it brought; null without weeks before. */
function lastWeek(
  findings: readonly Finding[],
  incidents: Parameters<typeof solveBudget>[1],
  { from, to }: { from: number; to: number },
  budget: Parameters<typeof solveBudget>[3],
): Outcome['last_week'] {
  const since = to - weekMs;
  const weeks = (since - from) / weekMs;
  if (weeks < 1) return null;
  const [past, last] = [true, false].map((before) =>
    findings.filter(({ detected_at }) => Date.parse(detected_at) < since === before),
  ) as [Finding[], Finding[]];
  const risk = solveBudget(past, incidents, weeks, budget);
  return {
    predicted: round(pagesPerWeek(pagesOf(past, { ...incidents, risk }), weeks).all),
    actual: pagesOf(last, { ...incidents, risk }).length,
  };
}

function tell(outcome: Outcome, json: boolean): void {
  const { thresholds, missed, last_week, pages_per_week_now: now, pages_per_week_predicted: then } = outcome;
  const words = (rate: Record<string, number>) =>
    `${rate.all} a week, ${rate.high} of them high or worse, ${rate.critical} critical`;
  const lines = [
    `${outcome.findings} findings of ${outcome.weeks} weeks`,
    `thresholds  openAt ${thresholds.open_at}, highAt ${thresholds.high_at}, criticalAt ${thresholds.critical_at}`,
    `pages now   ${words(now)}`,
    `pages then  ${words(then)}${outcome.within_budget ? '' : ' (no threshold meets the budget)'}`,
    ...(last_week ? [`last week   ${last_week.predicted} predicted, ${last_week.actual} came`] : []),
    `missed then ${missed.length}`,
    ...missed.map(
      (page) =>
        `  ${page.opened_at.slice(0, 16).replace('T', ' ')} ${page.severity} ${page.subject} ${page.incident_id}`,
    ),
  ];
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${lines.join('\n')}\n`);
}

function pagesGiven(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const pages = Number(text);
  if (text.trim() !== '' && pages >= 0 && Number.isFinite(pages)) return pages;
  throw new UsageError(`${name}: a number of pages a week, 0 or more`);
}

const round = (value: number) => Math.round(value * 100) / 100;
const rounded = (rate: Record<string, number>) =>
  Object.fromEntries(Object.entries(rate).map(([name, value]) => [name, round(value)]));
