import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key draws far more bytes in a window than it ever did.
 *
 * Few calls can carry a whole table away: batch size, exports and wide pages defeat the counting of requests (OWASP
 * API4). Judged like a record of the key's own active windows.
 */
export const bytesOutSpike = defineRule({
  id: 'bytes-out-spike',
  version: 1,
  title: 'Key draws far more data than it ever did',
  group: 'volume',
  attack: ['T1530', 'T1567'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    scoreMin: z.number().positive().default(3.5).describe('-log10 of the chance below which it stays quiet'),
    bytesMin: z.int().positive().default(200_000).describe('below this a window is not worth a word, bytes'),
    windowsMin: z
      .int()
      .positive()
      .default(12)
      .describe('active windows needed before a record means anything'),
    recordTail: z
      .number()
      .positive()
      .default(2.5)
      .describe('Pareto tail index assumed for windows of high amount'),
    deviationsMin: z
      .number()
      .positive()
      .default(3)
      .describe('standard deviations of the logarithm it must stand out'),
  }),
  evaluate({ amounts }, { scoreMin, bytesMin, windowsMin, recordTail, deviationsMin }) {
    const bytes = amounts.bytesOut;
    if (bytes.observed < bytesMin) return quiet;
    if (bytes.windows < windowsMin) return cannotTell(`needs ${windowsMin} active quarter hours`);
    const deviations = (Math.log1p(bytes.observed) - bytes.logMean) / Math.max(0.3, bytes.logDeviation);
    if (deviations < deviationsMin) return quiet;
    const score = recordSurprise(bytes.observed, bytes.peak, bytes.windows, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { bytes_out: bytes.observed },
      expected: {
        bytes_out_typical: Math.round(Math.expm1(bytes.logMean)),
        bytes_out_peak: Math.round(bytes.peak),
      },
      quietAt: Math.round(bytes.peak),
    });
  },
});
