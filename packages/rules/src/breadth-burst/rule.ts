import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key uses far more different endpoints within an hour than it ever did, known ones among them.
 *
 * An integration walks its few paths. Who wants to see what a key opens tries everything, and need not touch a single
 * endpoint that is new to a key with a long past.
 */
export const breadthBurst = defineRule({
  id: 'breadth-burst',
  version: 1,
  title: 'Key uses many different endpoints at once',
  group: 'endpoints',
  attack: ['T1526', 'T1580'],
  owasp: ['API5:2023', 'API9:2023'],
  params: z.strictObject({
    endpointsMin: z.int().positive().default(5).describe('different endpoints in the hour worth a look'),
    beyondMin: z.int().positive().default(3).describe('endpoints by which the record must be beaten'),
    hoursMin: z.int().positive().default(24).describe('active hours needed before a record means anything'),
    recordTail: z
      .number()
      .positive()
      .default(4)
      .describe('Pareto tail index assumed for hours of many endpoints'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ habits, fresh }, { endpointsMin, beyondMin, hoursMin, recordTail, scoreMin }) {
    const { observed, peak, windows } = habits.breadth.endpoints;
    if (fresh.requests === 0 || observed < endpointsMin || observed < peak + beyondMin) return quiet;
    if (windows < hoursMin) return cannotTell(`needs ${hoursMin} active hours`);
    const score = recordSurprise(observed, peak, windows, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: { endpoints: observed },
      expected: { endpoints_peak: Math.round(peak) },
      quietAt: Math.max(endpointsMin, Math.ceil(peak + beyondMin)) - 1,
    });
  },
});
