import * as z from 'zod';
import { Severity } from '../severity.ts';
import { Time } from './page.ts';
import { defineRoute } from './route.ts';

const PagesPerWeek = z.number().min(0).max(1_000_000);

export const BudgetRequest = z.object({
  pages_per_week: PagesPerWeek.describe('incidents a week that people can bear'),
  high_per_week: PagesPerWeek.optional().describe('of these, of high severity or worse; no limit without it'),
  critical_per_week: PagesPerWeek.optional().describe('of these, critical; no limit without it'),
  without: z.array(z.string().max(64)).max(100).default([]).describe('rules to leave out, by id'),
  from: Time.optional().describe(
    'findings from here on, at least a week; four weeks before `to` without it. Time before the first event counts as quiet',
  ),
  to: Time.optional().describe('now without it'),
});
export type BudgetRequest = z.infer<typeof BudgetRequest>;

const Thresholds = z.object({ open_at: z.number(), high_at: z.number(), critical_at: z.number() });
const Rates = z.object({ all: z.number(), high: z.number(), critical: z.number() });

/** What a budget asks of the thresholds (`incidents.risk`), and what that would have changed. */
export const BudgetSolution = z.object({
  from: Time,
  to: Time,
  weeks: z.number(),
  findings: z.int().describe('of that time, without those of rules left out'),
  within_budget: z
    .boolean()
    .describe('false: no threshold meets it, since what is critical opens an incident whatever its risk'),
  thresholds_now: Thresholds,
  thresholds: Thresholds,
  pages_per_week_now: Rates.describe('with the thresholds and rules of now; high counts critical, too'),
  pages_per_week_predicted: Rates,
  last_week: z
    .object({ predicted: z.number(), actual: z.int() })
    .nullable()
    .describe('what the weeks before it let expect, and what came; null without a week before'),
  missed: z
    .array(z.object({ incident_id: z.string(), subject: z.string(), severity: Severity, opened_at: Time }))
    .describe('incidents of now that would not have been opened, the worst first'),
  missed_total: z.int(),
});
export type BudgetSolution = z.infer<typeof BudgetSolution>;

export const budgetRoutes = [
  defineRoute({
    id: 'solveBudget',
    method: 'post',
    path: '/v1/budget-solutions',
    tag: 'rules',
    access: 'triage',
    summary: 'Find the thresholds with which people are told of so many incidents a week; changes nothing',
    description:
      'Makes the incidents of the stored findings again with other thresholds. One at a time; at most 200 of what would be missed are listed.',
    body: BudgetRequest,
    response: BudgetSolution,
    status: 200,
  }),
] as const;
