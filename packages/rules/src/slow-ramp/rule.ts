import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

const hourMs = 3_600_000;

/**
 * Fires when a key's days grow, one after the other, away from where they were for weeks.
 *
 * A few percent more a day teach a baseline their own attack, and no quarter of an hour ever stands out. Days are
 * compared with an anchor that follows only in small steps; what the whole fleet grows is taken out. Told once a day,
 * when the day is over.
 */
export const slowRamp = defineRule({
  id: 'slow-ramp',
  version: 1,
  title: "Key's days grow away from where they were",
  group: 'volume',
  attack: ['T1528', 'T1496'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    sumMin: z
      .number()
      .positive()
      .default(5)
      .describe('standard deviations of a day that must have come together'),
    daysMin: z.int().positive().default(10).describe('days of history needed'),
    ratioMin: z.number().min(1).default(1.75).describe('times the usual that the last day must have reached'),
    requestsMin: z
      .int()
      .positive()
      .default(100)
      .describe('requests above the usual on that day worth a word'),
    recordTail: z
      .number()
      .positive()
      .default(4)
      .describe('Pareto tail index assumed for sums of honest growth'),
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ habits, at, fresh }, { sumMin, daysMin, ratioMin, requestsMin, recordTail, scoreMin }) {
    const { sum, peak, days, closedAt, requests, usual } = habits.trend;
    if (sum < sumMin || fresh.requests === 0 || at - closedAt >= hourMs) return quiet;
    if (requests < ratioMin * usual || requests < usual + requestsMin) return quiet;
    if (days < daysMin) return cannotTell(`needs ${daysMin} days of history`);
    // Rises are counted by the week: a month has some four chances for one.
    const score = recordSurprise(sum, Math.max(peak, sumMin / 4), days / 7, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: { deviations_summed: Math.round(sum * 10) / 10, requests_of_day: requests },
      expected: {
        deviations_summed_peak: Math.round(peak * 10) / 10,
        requests_of_day: Math.round(usual),
      },
      quietAt: Math.round(Math.max(peak, sumMin / 4) * 10) / 10,
    });
  },
});
