import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key works in hours in which it always rested.
 *
 * A thief is awake when the owner sleeps. The count may be small, so small that by day it would be nothing; what tells
 * is the hour. Which hours are quiet is learnt from the key's own weeks. A stretch of rest counts once, however long.
 */
export const offHoursUse = defineRule({
  id: 'off-hours-use',
  version: 1,
  title: 'Key works in hours in which it always rested',
  group: 'volume',
  attack: ['T1078.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    requestsMin: z.int().positive().default(15).describe('requests in the hour worth a word'),
    restsMin: z.int().positive().default(7).describe('past stretches of rest needed'),
    restHours: z.number().positive().default(8).describe('hours of rest that count as one stretch'),
    recordTail: z.number().positive().default(2).describe('Pareto tail index assumed for hours of late work'),
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ habits, fresh }, { requestsMin, restsMin, restHours, recordTail, scoreMin }) {
    const hour = habits.quietHour;
    if (!hour || fresh.requests === 0 || hour.observed < requestsMin) return quiet;
    const rests = hour.hours / restHours;
    if (rests < restsMin) return cannotTell(`needs ${restsMin} past stretches of rest`);
    const usual = Math.max(hour.peak, 2 * hour.expected, 1);
    const record = recordSurprise(hour.observed, usual, rests, recordTail);
    // Where hours of rest are seldom still, work in one of them is nothing rare.
    const still = Math.log10((hour.hours + 1) / (hour.used + 1));
    const score = Math.min(record, Math.log10(rests + 1) + recordTail * still);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: { requests: hour.observed, window_minutes: 60 },
      expected: {
        requests: Math.round(hour.expected * 10) / 10,
        requests_peak: Math.round(hour.peak),
        hours_of_rest: Math.round(hour.hours),
        hours_not_still: Math.round(hour.used),
      },
      quietAt: Math.max(requestsMin - 1, Math.floor(usual)),
    });
  },
});
