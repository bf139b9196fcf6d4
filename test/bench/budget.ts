import { pagesOf, pagesPerWeek, RiskSettings, solveBudget } from '@tripkey/alerter';
import { runBacktest, simulate } from '@tripkey/cli';
import type { Finding } from '@tripkey/contract';
import { ruleGroups } from '@tripkey/rules';
import * as z from 'zod';
import { defineMeasurement } from '../measure/measurement.ts';
import { jsonLines } from './json-lines.ts';

const start = Date.parse('2026-03-02T00:00:00.000Z');
const weekMs = 7 * 86_400_000;
/** Weeks in which keys are learnt; nobody sets a budget by them. */
const warmUpWeeks = 1;
const ratioMax = 1.2;

/**
 * Whether thresholds that are solved for a budget hold it: solved on the weeks of a simulated business without attacks
 * before the last, they are applied to the last, and what came is compared with what was predicted.
 */
export const benchBudget = defineMeasurement({
  name: 'budget',
  summary: 'pages predicted for a week by thresholds solved on the weeks before, and pages that came',
  options: z.object({
    keys: z.coerce.number().int().positive().default(300).describe('keys of the business'),
    weeks: z.coerce
      .number()
      .int()
      .min(3)
      .default(4)
      .describe('weeks, the first to learn, the last to compare'),
    perWeek: z.string().default('60,40,20').describe('budgets, pages a week'),
  }),
  async run({ options, seed, log }) {
    const { keys, events } = simulate({
      ...{ seed, start: new Date(start).toISOString(), keys: options.keys, attacks: 'none' as const },
      days: options.weeks * 7,
    });
    const findings: Finding[] = [];
    await runBacktest({
      ...{ events: jsonLines(events()), keys, tickMs: 15_000 },
      onFinding: ({ evidence: { facts: _, ...evidence }, ...finding }) =>
        findings.push({ ...finding, evidence }),
    });
    const between = (from: number, to: number) =>
      findings.filter(({ detected_at }) => {
        const at = Date.parse(detected_at) - start;
        return at >= from * weekMs && at < to * weekMs;
      });
    const history = between(warmUpWeeks, options.weeks - 1);
    const week = between(options.weeks - 1, options.weeks);
    const weeks = options.weeks - 1 - warmUpWeeks;
    const figures: Record<string, number> = { keys: keys.length, findings: findings.length };
    let held = true;
    for (const perWeek of options.perWeek.split(',').map(Number)) {
      const risk = solveBudget(history, { groups: ruleGroups }, weeks, { perWeek });
      const predicted = pagesPerWeek(pagesOf(history, { groups: ruleGroups, risk }), weeks).all;
      const actual = pagesOf(week, { groups: ruleGroups, risk }).length;
      log(
        `budget ${perWeek} a week: incidents open at ${risk.openAt}, ${predicted} predicted, ${actual} came`,
      );
      figures[`predicted_at_${perWeek}`] = predicted;
      figures[`actual_at_${perWeek}`] = actual;
      held &&= actual <= predicted * ratioMax && actual >= predicted / ratioMax;
    }
    const now = { groups: ruleGroups, risk: RiskSettings.parse({}) };
    figures.predicted_by_default = pagesPerWeek(pagesOf(history, now), weeks).all;
    figures.actual_by_default = pagesOf(week, now).length;
    return { figures, held };
  },
});
