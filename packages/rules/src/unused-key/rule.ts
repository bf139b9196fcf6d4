import * as z from 'zod';
import { adviceDue, daysBetween } from '../advice-due.ts';
import { defineAdviceRule, fire, quiet } from '../define-rule.ts';

/**
 * Advises to remove a key that nobody has used for a long time.
 *
 * It does nothing for its owner and everything for a thief, whom nobody would notice. Refused requests are no use. A key
 * is called unused only when it was watched for the whole time.
 */
export const unusedKey = defineAdviceRule({
  id: 'unused-key',
  version: 1,
  title: 'Key has not been used for a long time',
  group: 'lifecycle',
  attack: ['T1078.004'],
  owasp: ['API2:2023', 'API9:2023'],
  params: z.strictObject({
    unusedDays: z
      .int()
      .positive()
      .default(100)
      .describe('days without an accepted request; more than a quarter of a year, for jobs of that rhythm'),
    everyDays: z.int().positive().default(30).describe('days until it is said again'),
  }),
  evaluate(facts, { unusedDays, everyDays }) {
    const { key, at, lastAcceptedAt, watchedSince } = facts;
    if (key.status !== 'active' || key.revoked_at) return quiet;
    const createdAt = key.created_at ? Date.parse(key.created_at) : 0;
    const since = Math.max(watchedSince, createdAt, lastAcceptedAt ?? 0);
    if (!adviceDue(since, facts, unusedDays, everyDays)) return quiet;
    return fire({
      score: 0,
      severity: 'info',
      observed: {
        unused_days: daysBetween(since, at),
        last_accepted_at: lastAcceptedAt === null ? null : new Date(lastAcceptedAt).toISOString(),
        watched_days: daysBetween(watchedSince, at),
        owner: key.owner ?? null,
      },
      expected: { unused_days_max: unusedDays },
      quietAt: unusedDays - 1,
    });
  },
});
