import { AlertingConfig, answerBudget, onStore } from '@tripkey/alerter';
import type { BudgetSolution } from '@tripkey/contract/api';
import { ruleGroups } from '@tripkey/rules';
import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import { plainText } from '../api/text-table.ts';
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
of today's would be missed. Time before the first event counts as quiet: give --from where there was none four weeks
ago. The last week is told apart: what the weeks before it lead one to expect of it, and what it brought. Put the thresholds under incidents.risk. Exit code 1 when no threshold meets the budget.`,
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
      const { risk, windowMs, quietMs } = config.incidents;
      const solution = answerBudget({
        findings: await onStore(store).storedFindings(from),
        incidents: { groups: ruleGroups, risk, windowMs, quietMs },
        ...{ from, to, budget, without: options.without, listedMax: Number.POSITIVE_INFINITY },
      });
      process.stdout.write(options.json ? `${JSON.stringify(solution)}\n` : inWords(solution));
      if (!solution.within_budget) process.exitCode = 1;
    });
}

function inWords(solution: BudgetSolution): string {
  const { thresholds, missed, last_week } = solution;
  const words = ({ all, high, critical }: BudgetSolution['pages_per_week_now']) =>
    `${all} a week, ${high} of them high or worse, ${critical} critical`;
  const lines = [
    `${solution.findings} findings of ${solution.weeks} weeks`,
    `thresholds  openAt ${thresholds.open_at}, highAt ${thresholds.high_at}, criticalAt ${thresholds.critical_at}`,
    `pages now   ${words(solution.pages_per_week_now)}`,
    `pages then  ${words(solution.pages_per_week_predicted)}${solution.within_budget ? '' : ' (no threshold meets the budget)'}`,
    ...(last_week ? [`last week   ${last_week.predicted} predicted, ${last_week.actual} came`] : []),
    `missed then ${solution.missed_total}`,
    ...missed.map(
      (page) =>
        `  ${page.opened_at.slice(0, 16).replace('T', ' ')} ${page.severity} ${plainText(page.subject)} ${page.incident_id}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function pagesGiven(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const pages = Number(text);
  if (text.trim() !== '' && pages >= 0 && Number.isFinite(pages)) return pages;
  throw new UsageError(`${name}: a number of pages a week, 0 or more`);
}
