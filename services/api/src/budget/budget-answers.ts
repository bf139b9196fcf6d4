import type { BudgetSolution } from '@tripkey/contract/api';
import { ruleGroups } from '@tripkey/rules';
import type { AnswerParts } from '../answers/answer-parts.ts';
import { readSpan } from '../answers/read-span.ts';
import { dayMs } from '../answers/times.ts';
import { ApiProblem, badRequest } from '../http/api-problem.ts';
import type { HandlersOf } from '../http/handler.ts';
import { inThread } from '../in-thread.ts';

const workerFile = new URL('./budget-worker.ts', import.meta.url);
const spanDays = { min: 7, usual: 28, max: 92 };
const listedMax = 200;

/** Thresholds for so many pages a week, by the findings that are stored. */
export function budgetAnswers({ clickhouse, config }: AnswerParts): HandlersOf<'solveBudget'> {
  let solving = false;
  return {
    async solveBudget({ body, at, signal }) {
      const { from, to } = readSpan(body, at, spanDays.usual * dayMs, spanDays.max * dayMs);
      if (to > at + dayMs) throw badRequest('`to` lies in the future: what is to come cannot be counted');
      if (to - from < spanDays.min * dayMs)
        throw badRequest(`at least ${spanDays.min} days between \`from\` and \`to\` are needed`);
      const unknown = body.without.filter((rule) => !ruleGroups.has(rule));
      if (unknown.length > 0) throw badRequest(`without: there is no rule ${unknown.join(', ')}`);
      if (solving) throw busy();
      solving = true;
      try {
        const { pages_per_week: perWeek, high_per_week, critical_per_week } = body;
        const budget = { perWeek, highPerWeek: high_per_week, criticalPerWeek: critical_per_week };
        const question = { budget, without: body.without, from, to, listedMax };
        return await inThread<BudgetSolution>(
          workerFile,
          { clickhouse, incidents: config.incidents, ...question },
          signal,
        );
      } finally {
        solving = false;
      }
    },
  };
}

const busy = () =>
  new ApiProblem(429, 'api.rate_limited', 'A budget is being solved', 'wait until it is', {
    headers: { 'Retry-After': '10' },
  });
