import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key is refused far more often than it ever was.
 *
 * An application knows what it may do; whoever found its key has to try. Refusals (401, 403) of the window are judged
 * as a record among the key's active windows.
 */
export const deniedBreadth = defineRule({
  id: 'denied-breadth',
  version: 1,
  title: 'Key is refused far more often than ever',
  group: 'errors',
  attack: ['T1526', 'T1580'],
  owasp: ['API5:2023', 'API1:2023'],
  params: z.strictObject({
    deniedMin: z.int().positive().default(6).describe('refusals in the window below which it stays quiet'),
    shareMin: z.number().min(0).max(1).default(0.1).describe('share of the requests that must be refused'),
    windowsMin: z
      .int()
      .positive()
      .default(8)
      .describe('active windows needed before a record means anything'),
    recordTail: z
      .number()
      .positive()
      .default(2.5)
      .describe('Pareto tail index assumed for windows with refusals'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ amounts, window, fresh }, { deniedMin, shareMin, windowsMin, recordTail, scoreMin }) {
    const { denied } = amounts;
    if (fresh.denied === 0 || denied.observed < deniedMin) return quiet;
    if (denied.observed < shareMin * window.requests) return quiet;
    if (denied.windows < windowsMin) return cannotTell(`needs ${windowsMin} active quarter hours`);
    const score = recordSurprise(denied.observed, denied.peak, denied.windows, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { denied: denied.observed, requests: window.requests },
      expected: { denied_peak: Math.round(denied.peak) },
      quietAt: Math.max(deniedMin - 1, Math.floor(denied.peak)),
    });
  },
});
