import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when a key uses, for the first time, a scope that it has held for long without using it.
 *
 * What an application never needed it hardly needs today; what a thief looks for is just that. It says much the same as
 * the first use of an endpoint, in the words of the grant, and is not added to it.
 */
export const firstUseOfScope = defineRule({
  id: 'first-use-of-scope',
  version: 1,
  title: 'Key uses a scope that it held for long and never used',
  group: 'endpoints',
  attack: ['T1078.004', 'T1548'],
  owasp: ['API5:2023'],
  params: z.strictObject({
    heldDaysMin: z.number().positive().default(14).describe('days for which the key must have had the scope'),
    perTenfold: z.number().min(0).default(1).describe('added when it was held ten times as long'),
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
    scoreMax: z.number().positive().default(3.5).describe('most that it may say'),
  }),
  evaluate({ news }, { heldDaysMin, perTenfold, scoreMin, scoreMax }) {
    let score = 0;
    let worst = news.scopes[0];
    for (const scope of news.scopes) {
      if (!scope.fresh || scope.heldDays < heldDaysMin) continue;
      const own = scope.surpriseOfNews + perTenfold * Math.log10(scope.heldDays / heldDaysMin);
      const total = Math.min(scoreMax, own / (1 + scope.peersStarting));
      if (total > score) [score, worst] = [total, scope];
    }
    if (!worst || score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: { scope: worst.scope, held_days: Math.round(worst.heldDays), requests: worst.requests },
      expected: { requests: 0 },
    });
  },
});
