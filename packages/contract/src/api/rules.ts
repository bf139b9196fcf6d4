import * as z from 'zod';
import { Severity } from '../severity.ts';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

export const RuleParameter = z.object({
  name: z.string(),
  description: z.string(),
  default: z.unknown(),
  value: z.unknown().describe('what the detector runs with'),
  schema: z.record(z.string(), z.unknown()).describe('JSON Schema of the value'),
});

export const RuleNoise = z.object({
  days: z.int(),
  findings: z.int(),
  incidents: z.int().describe('incidents that it is part of'),
  pages: z.int().describe('of these, incidents that people were told of'),
  alone: z.int().describe('incidents that no other rule speaks for'),
  false_positives: z.int().describe('incidents resolved as false positive'),
  true_positives: z.int().describe('incidents resolved as malicious, or remediated'),
  pages_per_week: z.number(),
});

export const RuleSummary = z.object({
  rule_id: z.string(),
  version: z.int(),
  title: z.string(),
  group: z.string(),
  judges: z.enum(['key', 'source', 'gateway', 'fleet', 'advice']).describe('advice: how a key is kept'),
  attack: z.array(z.string()).describe('MITRE ATT&CK techniques'),
  owasp: z.array(z.string()).describe('OWASP API Security Top 10 ids'),
  parameters: z.array(RuleParameter),
  noise: RuleNoise.describe('of the past 7 days'),
});
export type RuleSummary = z.infer<typeof RuleSummary>;

export const RuleDetail = RuleSummary.extend({
  page: z.string().describe('why it matters, how it decides, what it misses; Markdown of ours'),
  noise_28d: RuleNoise,
  days: z
    .array(z.object({ day: z.iso.date(), findings: z.int(), incidents: z.int() }))
    .describe('28 of them'),
});
export type RuleDetail = z.infer<typeof RuleDetail>;

/** How many people are told, against what was said to be bearable. */
export const AlertBudget = z.object({
  pages_per_week_max: z.number().nullable().describe('what is bearable; null: nobody said'),
  pages_7d: z.int(),
  pages_28d: z.int(),
  false_pages_28d: z.int(),
  by_week: z.array(z.object({ week_from: Time, pages: z.int(), false_positives: z.int() })),
});
export type AlertBudget = z.infer<typeof AlertBudget>;

export const RuleList = z.object({ items: z.array(RuleSummary), budget: AlertBudget });
export type RuleList = z.infer<typeof RuleList>;

export const BacktestRequest = z.object({
  parameters: z
    .record(z.string().max(64), z.record(z.string().max(64), z.unknown()))
    .default({})
    .describe('by rule id; what is not named stays as it is'),
  from: Time.describe('a span of at most 62 days; the first days only teach'),
  to: Time,
  note: z.string().max(300).default(''),
});
export type BacktestRequest = z.infer<typeof BacktestRequest>;

export const BacktestIncident = z.object({
  key_id: z.string().nullable(),
  subject: z.string(),
  opened_at: Time,
  severity: Severity,
  score: z.number(),
  rules: z.array(z.string()),
});

export const Backtest = z.object({
  backtest_id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().describe('0 to 1'),
  by: z.string(),
  created_at: Time,
  finished_at: Time.nullable(),
  request: BacktestRequest,
  failure: z.string().nullable(),
  result: z
    .object({
      events: z.number(),
      findings: z.int(),
      incidents: z.int(),
      pages_per_week: z.number(),
      by_rule: z.array(z.object({ rule_id: z.string(), findings: z.int(), incidents: z.int() })),
      missed: z
        .array(
          z.object({
            incident_id: z.string(),
            title: z.string(),
            opened_at: Time,
            resolution: z.string().nullable(),
          }),
        )
        .describe('stored incidents of the span that would not have been opened, at most 200'),
      added: z.array(BacktestIncident).describe('incidents that are not among the stored ones, at most 200'),
      listed_max: z.int(),
      missed_total: z.int(),
      added_total: z.int(),
    })
    .nullable(),
});
export type Backtest = z.infer<typeof Backtest>;

const BacktestPath = z.object({ backtest_id: z.string().min(8).max(64) });

export const ruleRoutes = [
  defineRoute({
    id: 'listRules',
    method: 'get',
    path: '/v1/rules',
    tag: 'rules',
    access: 'read',
    summary: 'The rules, how noisy they are, and the alert budget',
    response: RuleList,
  }),
  defineRoute({
    id: 'getRule',
    method: 'get',
    path: '/v1/rules/{rule_id}',
    tag: 'rules',
    access: 'read',
    summary: 'A rule with its page',
    params: z.object({ rule_id: z.string().min(1).max(64) }),
    response: RuleDetail,
  }),
  defineRoute({
    id: 'startBacktest',
    method: 'post',
    path: '/v1/backtests',
    tag: 'rules',
    access: 'triage',
    summary: 'Run the detector over stored history with other parameters; changes nothing',
    body: BacktestRequest,
    response: Backtest,
    status: 202,
    idempotent: true,
  }),
  defineRoute({
    id: 'listBacktests',
    method: 'get',
    path: '/v1/backtests',
    tag: 'rules',
    access: 'read',
    summary: 'Backtests, newest first',
    query: PageQuery,
    response: pageOf(Backtest),
    streams: 'export',
  }),
  defineRoute({
    id: 'getBacktest',
    method: 'get',
    path: '/v1/backtests/{backtest_id}',
    tag: 'rules',
    access: 'read',
    summary: 'Progress or result of a backtest',
    params: BacktestPath,
    response: Backtest,
  }),
  defineRoute({
    id: 'cancelBacktest',
    method: 'delete',
    path: '/v1/backtests/{backtest_id}',
    tag: 'rules',
    access: 'triage',
    summary: 'Stop a backtest',
    params: BacktestPath,
    response: Backtest,
    status: 200,
  }),
] as const;
