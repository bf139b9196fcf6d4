import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import type { History } from '../facts.ts';

const dayMs = 86_400_000;

/**
 * Fires when the endpoints of a burst of activity are what somebody else would call rather than the key's owner.
 *
 * Who takes a key over seldom works like its owner. One endpoint that is new to the key can be a release; several that
 * the key never or hardly ever uses and that others do, or that nobody does, are the handwriting of another caller. A
 * pause longer than the key ever made before it adds to that.
 */
export const mixShift = defineRule({
  id: 'mix-shift',
  version: 1,
  title: 'Key is used like somebody else would',
  group: 'endpoints',
  attack: ['T1528', 'T1078.004'],
  owasp: ['API2:2023', 'API5:2023'],
  params: z.strictObject({
    scorePerEvidence: z
      .number()
      .positive()
      .default(3)
      .describe('score of one power of ten: how rare it is among honest bursts, as measured'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
    pauseDaysMin: z.number().positive().default(1).describe('a shorter pause adds nothing, days'),
    pauseWeight: z
      .number()
      .min(0)
      .default(2)
      .describe('powers of ten added for a pause that is ten times the longest before'),
    pauseMost: z.number().min(0).default(1).describe('most powers of ten that a pause adds'),
  }),
  evaluate({ mix, fresh, history, at }, params) {
    if (fresh.requests === 0 || mix.evidence === 0) return quiet;
    const pause = pauseEvidence(history, at, params);
    const score = params.scorePerEvidence * (mix.evidence + pause);
    if (score < params.scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: {
        evidence: round(mix.evidence),
        pause_evidence: round(pause),
        endpoints: mix.strongest.length,
      },
      expected: { evidence: 0, bursts: mix.bursts },
      quietAt: round(params.scoreMin / params.scorePerEvidence - pause),
      samples: mix.strongest.map(({ method, route, says }) => ({ method, route, says: round(says) })),
    });
  },
});

/** Powers of ten that the pause before this activity adds: how far it beats the longest one. */
function pauseEvidence(
  { idleMsBefore, idleMsLongest, idleCount, lastSeenAt }: History,
  at: number,
  params: { pauseDaysMin: number; pauseWeight: number; pauseMost: number },
): number {
  const isOver = lastSeenAt === null || at - lastSeenAt - idleMsBefore > 3_600_000;
  if (
    isOver ||
    idleCount === 0 ||
    idleMsBefore < params.pauseDaysMin * dayMs ||
    idleMsBefore <= idleMsLongest
  )
    return 0;
  const beats = Math.log10(idleMsBefore / Math.max(idleMsLongest, 3_600_000));
  return Math.min(params.pauseMost, params.pauseWeight * beats);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
