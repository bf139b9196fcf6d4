import { readFileSync } from 'node:fs';
import type { RuleDetail, RuleSummary } from '@tripkey/contract/api';
import { allRules, rulePage, ruleSet } from '@tripkey/rules';
import { daysOfRule, ruleNoise } from '@tripkey/store/reading';
import * as z from 'zod';
import { notFound } from '../http/api-problem.ts';
import type { HandlersOf } from '../http/handler.ts';
import { readBudget } from './alert-budget.ts';
import type { AnswerParts } from './answer-parts.ts';
import { dayMs, iso } from './times.ts';

const monthDays = 28;
type AnyRule = (typeof allRules)[number];
type Noise = z.infer<(typeof ruleNoise)['row']>;

/** What each rule judges. */
const judged: ReadonlyMap<string, RuleSummary['judges']> = new Map([
  ...ruleSet.keyRules.map(({ id }) => [id, 'key'] as const),
  ...ruleSet.sourceRules.map(({ id }) => [id, 'source'] as const),
  ...ruleSet.gatewayRules.map(({ id }) => [id, 'gateway'] as const),
  ...ruleSet.fleetRules.map(({ id }) => [id, 'fleet'] as const),
  ...ruleSet.adviceRules.map(({ id }) => [id, 'advice'] as const),
]);

/** The rules: what they look for, with which parameters, and how often they speak. */
export function ruleAnswers(parts: AnswerParts): HandlersOf<'listRules' | 'getRule'> {
  const { store, ruleParams } = parts;
  return {
    async listRules({ at, signal }) {
      const [noise, budget] = await Promise.all([
        store.ask(ruleNoise, { since: at - 7 * dayMs }, signal),
        readBudget(parts, at, signal),
      ]);
      return { items: allRules.map((rule) => toSummary(rule, ruleParams[rule.id], noise)), budget };
    },
    async getRule({ params: { rule_id }, at, signal }) {
      const rule = allRules.find(({ id }) => id === rule_id);
      if (!rule) throw notFound(`rule ${rule_id}`);
      const since = Math.floor(at / dayMs) * dayMs - (monthDays - 1) * dayMs;
      const [week, month, days] = await Promise.all([
        store.ask(ruleNoise, { since: at - 7 * dayMs }, signal),
        store.ask(ruleNoise, { since: at - monthDays * dayMs }, signal),
        store.ask(daysOfRule, { rule_id, since }, signal),
      ]);
      const byDay = new Map(days.map(({ day, ...counts }) => [day, counts]));
      const detail: RuleDetail = {
        ...toSummary(rule, ruleParams[rule.id], week),
        page: readFileSync(rulePage(rule.id), 'utf8'),
        noise_28d: toNoise(rule.id, month, monthDays),
        days: Array.from({ length: monthDays }, (_, i) => {
          const day = iso(since + i * dayMs).slice(0, 10);
          return { day, ...(byDay.get(day) ?? { findings: 0, incidents: 0 }) };
        }),
      };
      return detail;
    },
  };
}

function toSummary(rule: AnyRule, params: unknown, noise: readonly Noise[]): RuleSummary {
  return {
    rule_id: rule.id,
    version: rule.version,
    title: rule.title,
    group: rule.group,
    judges: judged.get(rule.id) ?? 'key',
    attack: [...rule.attack],
    owasp: [...rule.owasp],
    parameters: parametersOf(rule, params),
    noise: toNoise(rule.id, noise, 7),
  };
}

function parametersOf(rule: AnyRule, params: unknown): RuleSummary['parameters'] {
  const schema = z.toJSONSchema(rule.params, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Record<string, unknown>>;
  };
  const running = rule.params.parse(params ?? {}) as Record<string, unknown>;
  return Object.entries(schema.properties ?? {}).map(([name, { description, default: usual, ...rest }]) => ({
    ...{ name, description: String(description ?? ''), default: usual, value: running[name], schema: rest },
  }));
}

function toNoise(ruleId: string, rows: readonly Noise[], days: number): RuleSummary['noise'] {
  const row = rows.find(({ rule_id }) => rule_id === ruleId);
  const {
    findings = 0,
    incidents = 0,
    pages = 0,
    alone = 0,
    false_positives = 0,
    true_positives = 0,
  } = row ?? {};
  const pages_per_week = Math.round((pages / days) * 70) / 10;
  return { days, findings, incidents, pages, alone, false_positives, true_positives, pages_per_week };
}
