import * as z from 'zod';
import { IncidentSummary } from './incidents.ts';
import { HygieneIssue } from './keys.ts';
import { Operation } from './operations.ts';
import { Time } from './page.ts';
import { defineRoute } from './route.ts';
import { AlertBudget } from './rules.ts';
import { UsagePoint } from './series.ts';

export const Overview = z.object({
  as_of: Time,
  needs_me: z.object({
    incidents: z
      .array(IncidentSummary)
      .describe('open ones that nobody has in hand, worst first, at most 10'),
    incidents_total: z.int(),
    operations: z.array(Operation).describe('waiting for a person, oldest first, at most 10'),
    operations_total: z.int(),
  }),
  incidents: z.object({
    open: z.int().describe('not resolved'),
    critical: z.int(),
    high: z.int(),
    opened_24h: z.int(),
    resolved_24h: z.int(),
    seconds_to_acknowledge_p50_7d: z.number().nullable(),
  }),
  traffic: z.object({
    step_seconds: z.int(),
    points: z.array(UsagePoint).describe('the past 24 hours, all keys'),
    active_keys_24h: z.int(),
    keys: z.int(),
  }),
  noisy_rules: z
    .array(
      z.object({
        rule_id: z.string(),
        title: z.string(),
        findings_7d: z.int(),
        incidents_7d: z.int(),
        false_positives_7d: z.int(),
      }),
    )
    .describe('most incidents first, at most 10'),
  budget: AlertBudget,
  hygiene: z.array(z.object({ issue: HygieneIssue, title: z.string(), keys: z.int() })),
  hygiene_as_of: Time.describe('when hygiene was counted: a minute ago at most'),
  pipeline: z.object({
    healthy: z.boolean(),
    faults: z.array(z.string()),
    behind_seconds: z.number().nullable(),
  }),
});
export type Overview = z.infer<typeof Overview>;

export const overviewRoutes = [
  defineRoute({
    id: 'getOverview',
    method: 'get',
    path: '/v1/overview',
    tag: 'overview',
    access: 'read',
    summary: 'What needs somebody now, and how the fleet is',
    response: Overview,
  }),
] as const;
