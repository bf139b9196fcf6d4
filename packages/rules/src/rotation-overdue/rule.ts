import * as z from 'zod';
import { adviceDue, daysBetween } from '../advice-due.ts';
import { cannotTell, defineAdviceRule, fire, quiet } from '../define-rule.ts';

/**
 * Advises to rotate a key that is older than it should get, and has neither a successor nor an end.
 *
 * Every year a key lives it is copied to more places. Advice, told once a month, that never wakes anybody.
 */
export const rotationOverdue = defineAdviceRule({
  id: 'rotation-overdue',
  version: 1,
  title: 'Key is older than it should get',
  group: 'lifecycle',
  attack: ['T1078.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    ageDaysMax: z.int().positive().default(90).describe('age at which a key should have a successor, days'),
    everyDays: z.int().positive().default(30).describe('days until it is said again'),
  }),
  evaluate(facts, { ageDaysMax, everyDays }) {
    const { key, at } = facts;
    if (key.status !== 'active' || key.rotated_at || key.revoked_at) return quiet;
    if (!key.created_at) return cannotTell('the issuer has not told when the key was made');
    const createdAt = Date.parse(key.created_at);
    // One that ends by itself within the time needs no advice.
    if (key.expires_at && Date.parse(key.expires_at) <= createdAt + ageDaysMax * 86_400_000) return quiet;
    if (!adviceDue(createdAt, facts, ageDaysMax, everyDays)) return quiet;
    return fire({
      score: 0,
      severity: 'info',
      observed: { age_days: daysBetween(createdAt, at), owner: key.owner ?? null },
      expected: { age_days_max: ageDaysMax },
      quietAt: ageDaysMax - 1,
    });
  },
});
