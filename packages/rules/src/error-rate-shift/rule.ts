import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when far more of a key's requests break the server than ever, and only this key's.
 *
 * Who feeds an API what it was not made for sees errors that its owners never saw. When everybody's requests fail it is
 * the server's trouble; refusals and missing objects are other rules'.
 */
export const errorRateShift = defineRule({
  id: 'error-rate-shift',
  version: 1,
  title: 'Requests of the key break the server as never before',
  group: 'errors',
  attack: ['T1190', 'T1499.004'],
  owasp: ['API8:2023'],
  params: z.strictObject({
    errorsMin: z
      .int()
      .positive()
      .default(15)
      .describe('answers of status 500 and above in the window worth a look'),
    shareMin: z.number().min(0).max(1).default(0.2).describe('share of the requests that must fail'),
    timesFleet: z.number().min(1).default(5).describe("times the fleet's share that the key's must be"),
    windowsMin: z
      .int()
      .positive()
      .default(24)
      .describe('active windows needed before a record means anything'),
    recordTail: z
      .number()
      .positive()
      .default(2.5)
      .describe('Pareto tail index assumed for windows with errors'),
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
    scoreMax: z.number().positive().default(3.5).describe('most that it may say: mostly it is a fault'),
  }),
  evaluate({ amounts, window, fresh, habits }, params) {
    const { serverErrors } = amounts;
    if (fresh.serverErrors === 0 || serverErrors.observed < params.errorsMin) return quiet;
    const share = serverErrors.observed / Math.max(1, window.requests);
    if (share < params.shareMin || share < params.timesFleet * habits.fleetErrorShare) return quiet;
    if (serverErrors.windows < params.windowsMin)
      return cannotTell(`needs ${params.windowsMin} active quarter hours`);
    const { observed, peak, windows } = serverErrors;
    const score = Math.min(params.scoreMax, recordSurprise(observed, peak, windows, params.recordTail));
    if (score < params.scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'low'),
      observed: { server_errors: observed, requests: window.requests },
      expected: {
        server_errors_peak: Math.round(peak),
        fleet_share: Math.round(habits.fleetErrorShare * 1_000) / 1_000,
      },
      quietAt: Math.max(params.errorsMin - 1, Math.floor(peak)),
    });
  },
});
