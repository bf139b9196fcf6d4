import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet } from '../define-rule.ts';

/**
 * Fires when a key is used after its successor took over.
 *
 * Rotation is over when the old key is silent. Whoever still uses it has missed the rotation, or is who it was
 * rotated for.
 */
export const predecessorUsed = defineRule({
  id: 'predecessor-used',
  version: 1,
  title: 'A rotated key is still in use',
  group: 'lifecycle',
  attack: ['T1550.001'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    overlapHours: z
      .number()
      .positive()
      .default(48)
      .describe('time after the rotation in which both may be used'),
    score: z.number().positive().default(4).describe('score of an accepted request after that'),
  }),
  evaluate({ key, fresh, windowTo }, { overlapHours, score }) {
    if (!key) return cannotTell('the issuer has not told us about the key');
    if (!key.rotated_at || fresh.accepted === 0) return quiet;
    const overlapEnds = Date.parse(key.rotated_at) + overlapHours * 3_600_000;
    if (windowTo <= overlapEnds) return quiet;
    return fire({
      score,
      severity: 'medium',
      observed: { requests: fresh.requests, accepted: fresh.accepted },
      expected: { accepted: 0, overlap_ended_at: new Date(overlapEnds).toISOString() },
      quietAt: 0,
    });
  },
});
