import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key is a little busier than expected, hour after hour, without any window that stands out.
 *
 * An attacker who takes his time, and a ramp that would teach the baseline its own attack, stay below every limit on
 * single windows. Their sum does not. A rise that all keys share is taken out beforehand.
 */
export const sustainedRise = defineRule({
  id: 'sustained-rise',
  version: 1,
  title: 'Key is busier than expected, hour after hour',
  group: 'volume',
  attack: ['T1528', 'T1496'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    sumMin: z.number().positive().default(12).describe('standard deviations that must have come together'),
    windowsMin: z.int().positive().default(672).describe('quarter hours of history needed: a week'),
    recordTail: z
      .number()
      .positive()
      .default(4)
      .describe('Pareto tail index assumed for sums of honest rises'),
    scoreMin: z.number().positive().default(3).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ drift, fresh }, { sumMin, windowsMin, recordTail, scoreMin }) {
    if (drift.sum < sumMin || fresh.requests === 0) return quiet;
    if (drift.windows < windowsMin) return cannotTell(`needs ${windowsMin} quarter hours of history`);
    // Rises are counted by the day: a month has some thirty chances for one, not thousands.
    const score = recordSurprise(drift.sum, Math.max(drift.peak, sumMin / 2), drift.windows / 96, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { deviations_summed: Math.round(drift.sum * 10) / 10 },
      expected: { deviations_summed_peak: Math.round(drift.peak * 10) / 10 },
      quietAt: Math.round(drift.peak * 10) / 10,
    });
  },
});
