import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

const dayMs = 86_400_000;

/**
 * Fires when a key is used again after a far longer pause than it ever made, or for the first time long after it was
 * made.
 *
 * Forgotten keys are the ones nobody watches and nobody rotates. A key that pauses often (a quarterly job) is judged
 * by its own longest pause.
 */
export const dormantKeyWakes = defineRule({
  id: 'dormant-key-wakes',
  version: 1,
  title: 'A dormant key is in use again',
  group: 'lifecycle',
  attack: ['T1078.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    daysMin: z.number().positive().default(10).describe('a shorter pause is not dormancy, days'),
    unusedDaysMin: z.number().positive().default(30).describe('age at which a first use is late, days'),
    longerThanEver: z.number().min(1).default(5).describe("times the key's longest pause so far"),
    scoreBase: z.number().positive().default(4).describe('score of a pause just long enough'),
  }),
  evaluate({ at, key, history, fresh }, { daysMin, unusedDaysMin, longerThanEver, scoreBase }) {
    if (fresh.accepted === 0) return quiet;
    const neverUsed = history.lastSeenAt === null;
    const notWatched = at - history.watchedSince < daysMin * dayMs || at - history.firstSeenAt > 3_600_000;
    if (neverUsed && notWatched) return quiet;
    const pauseMs = neverUsed ? ageAt(history.firstSeenAt, key?.created_at) : history.idleMsBefore;
    if (pauseMs < (neverUsed ? unusedDaysMin : daysMin) * dayMs) return quiet;
    if (at - history.firstSeenAt < 2 * dayMs && !neverUsed) return quiet;
    const longest = Math.max(history.idleMsLongest, dayMs);
    if (!neverUsed && pauseMs < longerThanEver * longest) return quiet;
    const score = scoreBase + (neverUsed ? 0 : Math.log10(pauseMs / longest));
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: { pause_days: days(pauseMs), never_used_before: neverUsed, requests: fresh.requests },
      expected: { pause_days_longest: neverUsed ? null : days(history.idleMsLongest) },
      quietAt: days(neverUsed ? unusedDaysMin * dayMs : Math.max(daysMin * dayMs, longerThanEver * longest)),
    });
  },
});

/** Age of a key at a time, ms; 0 when nobody told when it was made. */
function ageAt(at: number, createdAt: string | null | undefined): number {
  return createdAt ? at - Date.parse(createdAt) : 0;
}

function days(ms: number): number {
  return Math.round((ms / dayMs) * 10) / 10;
}
