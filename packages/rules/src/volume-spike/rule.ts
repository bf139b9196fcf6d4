import { negativeBinomialUpperTail } from '@tripkey/stats';
import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key makes far more requests than the same hour of past weeks explains.
 *
 * A stolen key is mostly used harder than its owner used it. Counts are judged by two measures and the milder one
 * counts: the tail of the negative binomial predictive of the window, and how far the window beats the key's own
 * record. The second keeps honest bursty keys quiet, whose bursts no smooth count model foresees.
 */
export const volumeSpike = defineRule({
  id: 'volume-spike',
  version: 1,
  title: 'Key is far busier than its own past',
  group: 'volume',
  attack: ['T1528', 'T1496'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    scoreMin: z.number().positive().default(3).describe('-log10 of the chance below which it stays quiet'),
    requestsMin: z
      .int()
      .positive()
      .default(30)
      .describe('below this many requests a window is not worth a word'),
    windowsMin: z
      .int()
      .positive()
      .default(96)
      .describe('past quarter hours needed before a baseline means anything'),
  }),
  evaluate({ volume }, { scoreMin, requestsMin, windowsMin }) {
    if (volume.observed < requestsMin) return quiet;
    if (volume.windows < windowsMin) {
      return cannotTell(`needs ${windowsMin} quarter hours of history`);
    }
    if (volume.observed <= volume.peak) return quiet;
    const tail = negativeBinomialUpperTail(volume.observed, volume.expected, volume.shape);
    const record = recordSurprise(volume.observed, volume.peak, volume.windows, volume.tailIndex);
    const score = Math.min(tail, record);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { requests: volume.observed, window_minutes: volume.windowMinutes },
      expected: { requests: round(volume.expected), requests_peak: Math.round(volume.peak) },
      quietAt: Math.floor(
        volume.peak * 10 ** (Math.max(0, scoreMin - Math.log10(volume.windows + 1)) / volume.tailIndex),
      ),
    });
  },
});

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
