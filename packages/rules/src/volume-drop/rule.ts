import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key that works evenly makes far fewer requests than expected, for hours, without falling silent.
 *
 * Half of a lead flow that is lost is lost money, and nothing fails: one of two forms was changed, one of three
 * workers hangs. What all keys share is taken out; a key that stops altogether is another rule's.
 */
export const volumeDrop = defineRule({
  id: 'volume-drop',
  version: 1,
  title: 'Key makes far fewer requests than expected, for hours',
  group: 'volume',
  attack: ['T1499'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    sumMin: z.number().positive().default(12).describe('standard deviations that must have come together'),
    windowsMin: z.int().positive().default(1_344).describe('quarter hours of history needed: two weeks'),
    recordTail: z
      .number()
      .positive()
      .default(4)
      .describe('Pareto tail index assumed for sums of honest falls'),
    scoreMin: z.number().positive().default(3).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ habits, key, at }, { sumMin, windowsMin, recordTail, scoreMin }) {
    const { sum, peak, windows } = habits.decline;
    if (sum < sumMin) return quiet;
    if (windows < windowsMin) return cannotTell(`needs ${windowsMin} quarter hours of history`);
    // A key whose successor took over fades as it should.
    if (key?.rotated_at && Date.parse(key.rotated_at) <= at) return quiet;
    const score = recordSurprise(sum, Math.max(peak, sumMin / 2), windows / 96, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: { deviations_summed: Math.round(sum * 10) / 10 },
      expected: { deviations_summed_peak: Math.round(peak * 10) / 10 },
      quietAt: Math.round(Math.max(peak, sumMin / 2) * 10) / 10,
    });
  },
});
