import type { KeyRecord } from '@tripkey/contract';
import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

const hourMs = 3_600_000;

/**
 * Fires when a key that is always in use falls silent while the gateways are alive.
 *
 * A lead flow that stops is as bad as a key that is stolen, and nobody notices it: nothing fails, nothing is logged.
 * Two measures are taken and the milder one counts: how many requests are missing, and how far the pause beats the
 * key's own longest one.
 */
export const keyWentSilent = defineRule({
  id: 'key-went-silent',
  version: 2,
  title: 'A key that is always in use fell silent',
  group: 'volume',
  attack: ['T1499'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    hoursMin: z.number().positive().default(2).describe('a shorter silence is not worth a word, hours'),
    expectedMin: z.number().positive().default(40).describe('requests that must be missing'),
    activeDaysMin: z
      .int()
      .positive()
      .default(12)
      .describe('days of use before a silence means anything: two weekends'),
    recordTail: z.number().positive().default(4).describe('Pareto tail index assumed for pauses'),
    scoreMin: z
      .number()
      .positive()
      .default(4)
      .describe(
        '-log10 of the chance below which it stays quiet; a silence is told once, when it can open an incident',
      ),
  }),
  evaluate({ at, key, silence, history }, { hoursMin, expectedMin, activeDaysMin, recordTail, scoreMin }) {
    if (!silence || silence.silentMs < hoursMin * hourMs || silence.expected < expectedMin) return quiet;
    if (history.activeDays < activeDaysMin || (key && isOver(key, at))) return quiet;
    if (silence.gatewaysBlind > 0) return cannotTell('a gateway is blind');
    const longest = Math.max(history.idleMsLongest, history.idleMsBefore, 0.5 * hourMs);
    const record = recordSurprise(
      silence.silentMs / longest,
      1,
      Math.max(history.idleCount, 24 * history.activeDays),
      recordTail,
    );
    const score = Math.min(silence.surprise, record);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { silent_hours: hours(silence.silentMs), requests: 0 },
      expected: {
        requests: Math.round(silence.expected),
        silent_hours_longest: hours(history.idleMsLongest),
      },
      quietAt: hours(longest),
    });
  },
});

/** Whether a key was stopped, has expired or has a successor: then silence is what one wants. */
function isOver(key: KeyRecord, at: number): boolean {
  const ends = [key.revoked_at, key.expires_at, key.rotated_at];
  return ends.some((end) => end && Date.parse(end) <= at) || (key.status !== 'active' && !key.revoked_at);
}

function hours(ms: number): number {
  return Math.round((ms / hourMs) * 10) / 10;
}
