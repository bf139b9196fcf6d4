import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key presses against its limits: it is throttled for a sustained time as never before, or its month has
 * used up most of its quota.
 *
 * Limits catch who takes as much as he can; being caught by them is the sign. A client with a broken retry loop looks
 * the same, so it is a lead and not an alarm. In the group of the amounts, since bursts are what is throttled.
 */
export const limitPressure = defineRule({
  id: 'limit-pressure',
  version: 1,
  title: 'Key presses against its limits',
  group: 'volume',
  attack: ['T1496', 'T1499'],
  owasp: ['API4:2023', 'API6:2023'],
  params: z.strictObject({
    throttledMin: z.int().positive().default(30).describe('throttled requests in the window worth a word'),
    shareMin: z.number().min(0).max(1).default(0.2).describe('share of the requests that must be throttled'),
    windowsMin: z
      .int()
      .positive()
      .default(24)
      .describe('active windows needed before a record means anything'),
    recordTail: z
      .number()
      .positive()
      .default(2.5)
      .describe('Pareto tail index assumed for throttled windows'),
    quotaShares: z
      .string()
      .regex(/^0?\.\d+( 0?\.\d+| 1)*$|^1$/)
      .default('0.8 1')
      .describe('shares of the monthly quota whose passing is told'),
    quotaScore: z.number().positive().default(1).describe('score of passing one of them'),
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
    scoreMax: z.number().positive().default(3.5).describe('most that it may say'),
  }),
  evaluate({ amounts, window, fresh, key, habits }, params) {
    const { rateLimited } = amounts;
    const { requests } = habits.month;
    const passed =
      (key?.quota ?? 0) > 0 ? passedShare(params.quotaShares, requests, fresh.requests, key!.quota!) : 0;
    if (passed > 0) {
      return fire({
        score: params.quotaScore,
        severity: 'low',
        observed: { requests_of_month: requests },
        expected: { quota: key?.quota ?? null, share: passed },
        quietAt: Math.ceil(passed * key!.quota!) - 1,
        story: `quota ${passed}`,
      });
    }
    if (fresh.rateLimited === 0 || rateLimited.observed < params.throttledMin) return quiet;
    if (rateLimited.observed < params.shareMin * window.requests) return quiet;
    if (rateLimited.windows < params.windowsMin)
      return cannotTell(`needs ${params.windowsMin} active quarter hours`);
    const { observed, peak, windows } = rateLimited;
    const score = Math.min(params.scoreMax, recordSurprise(observed, peak, windows, params.recordTail));
    if (score < params.scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'low'),
      observed: { throttled: observed, requests: window.requests },
      expected: { throttled_peak: Math.round(peak), rate_limit: key?.rate_limit ?? null },
      quietAt: Math.max(params.throttledMin - 1, Math.floor(peak)),
    });
  },
});

/** The highest of the shares of a quota that the fresh requests passed; 0 when they passed none. */
function passedShare(shares: string, requests: number, fresh: number, quota: number): number {
  const passed = shares
    .split(' ')
    .map(Number)
    .filter((share) => requests >= share * quota && requests - fresh < share * quota);
  return Math.max(0, ...passed);
}
