import { hygieneIssues } from '@tripkey/contract/api';
import { activeKeys } from '@tripkey/store';
import {
  hygieneCounts,
  incidentCounts,
  incidentsPage,
  keysKnown,
  operationCounts,
  operationsPage,
  ruleNoise,
  usageOfAll,
} from '@tripkey/store/reading';
import type { HandlersOf } from '../http/handler.ts';
import { readBudget } from './alert-budget.ts';
import type { AnswerParts } from './answer-parts.ts';
import { hygieneTexts } from './hygiene.ts';
import { loadIncidents, toIncidentSummary } from './incident-summary.ts';
import { readProgress } from './pipeline-answers.ts';
import { ruleTitle } from './rule-titles.ts';
import { SharedAnswer } from './shared-answer.ts';
import { dayMs, iso, minuteMs } from './times.ts';
import { toOperations } from './to-operation.ts';
import { everyStep } from './usage-points.ts';

const shown = 10;
const stepSeconds = 15 * 60;
/** What is worth tidying up changes within days, and asking goes through all keys. */
const hygieneMsMax = minuteMs;
const noFilters = {
  ...{ state: [], severity: [], subject_kind: [], rule_id: '', key_id: '', account_id: '', app_id: '' },
  ...{ resolution: '', q: '', from: 0, to: Date.UTC(2200, 0) },
};
const firstPage = { has_place: false, rows: shown };

/** What needs somebody now, and how the fleet is. */
export function overviewAnswers(parts: AnswerParts): HandlersOf<'getOverview'> {
  const { store } = parts;
  const hygieneOfAll = new SharedAnswer((now) => store.ask(hygieneCounts, { now }), hygieneMsMax);
  return {
    async getOverview({ at, signal }) {
      const step = stepSeconds * 1000;
      const to = Math.ceil(at / step) * step;
      const span = { from: to - dayMs, to, step: stepSeconds };
      const proposed = { state: ['proposed'], action: '', key_id: '', from: 0, to: Date.UTC(2200, 0) };
      const [counts, urgent, waiting, states, traffic, [active], [known], noise, budget, hygiene, progress] =
        await Promise.all([
          store.ask(incidentCounts, { now: at }, signal),
          store.ask(
            incidentsPage('severity', 'desc'),
            { ...noFilters, state: ['open'], ...firstPage, after_value: 0, after_id: '' },
            signal,
          ),
          store.ask(operationsPage, { ...proposed, ...firstPage, after_at: 0, after_id: '' }, signal),
          store.ask(operationCounts, {}, signal),
          store.ask(usageOfAll, span, signal),
          store.ask(activeKeys, { since: at - dayMs }, signal),
          store.ask(keysKnown, {}, signal),
          store.ask(ruleNoise, { since: at - 7 * dayMs }, signal),
          readBudget(parts, at, signal),
          hygieneOfAll.read(at),
          readProgress(store, at, signal),
        ]);
      const ids = [...urgent, ...waiting].map(({ incident_id }) => incident_id);
      const loaded = await loadIncidents(parts, [...new Set(ids)], signal);
      const operations = new Map(
        [...loaded.values()].flatMap(toOperations).map((one) => [one.operation_id, one]),
      );
      const [count] = counts;
      const keysWith = new Map(hygiene.answer.map(({ issue, keys }) => [issue, keys]));
      return {
        as_of: iso(at),
        needs_me: {
          incidents: urgent.flatMap(({ incident_id }) => {
            const one = loaded.get(incident_id);
            return one ? [toIncidentSummary(one, parts, at)] : [];
          }),
          incidents_total: count?.unattended ?? 0,
          operations: waiting.flatMap(({ operation_id }) => operations.get(operation_id) ?? []).reverse(),
          operations_total: states.find(({ state }) => state === 'proposed')?.operations ?? 0,
        },
        incidents: {
          open: count?.open ?? 0,
          critical: count?.critical ?? 0,
          high: count?.high ?? 0,
          opened_24h: count?.opened_24h ?? 0,
          resolved_24h: count?.resolved_24h ?? 0,
          seconds_to_acknowledge_p50_7d: count?.seconds_to_acknowledge ?? null,
        },
        traffic: {
          step_seconds: stepSeconds,
          points: everyStep(traffic, span),
          active_keys_24h: active?.keys ?? 0,
          keys: known?.keys ?? 0,
        },
        noisy_rules: noise.slice(0, shown).map((rule) => ({
          rule_id: rule.rule_id,
          title: ruleTitle(rule.rule_id),
          findings_7d: rule.findings,
          incidents_7d: rule.incidents,
          false_positives_7d: rule.false_positives,
        })),
        budget,
        hygiene: hygieneIssues.map((issue) => ({
          issue,
          title: hygieneTexts[issue].title,
          keys: keysWith.get(issue) ?? 0,
        })),
        hygiene_as_of: iso(hygiene.asOf),
        pipeline: {
          healthy: progress.faults.length === 0,
          faults: progress.faults,
          behind_seconds: progress.behind_seconds,
        },
      };
    },
  };
}
