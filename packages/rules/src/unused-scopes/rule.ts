import * as z from 'zod';
import { adviceDue, daysBetween } from '../advice-due.ts';
import { cannotTell, defineAdviceRule, fire, quiet } from '../define-rule.ts';

/**
 * Advises to take scopes from a key that it has not used (least privilege).
 *
 * What a key does not use is worth nothing to its owner and something to a thief. Only a key that is older than the
 * window, and was watched for the whole of it, is judged: a permission for a quarterly job looks unused for a quarter.
 */
export const unusedScopes = defineAdviceRule({
  id: 'unused-scopes',
  version: 1,
  title: 'Key has scopes that it does not use',
  group: 'lifecycle',
  attack: ['T1078.004'],
  owasp: ['API5:2023'],
  params: z.strictObject({
    windowDays: z.int().positive().default(100).describe('days in which a scope must have been used'),
    everyDays: z.int().positive().default(30).describe('days until it is said again'),
    requestsMin: z.int().positive().default(100).describe('requests of the key that must have been seen'),
  }),
  evaluate(facts, { windowDays, everyDays, requestsMin }) {
    const { key, at, watchedSince, scopes, requests, lastAcceptedAt } = facts;
    if (key.status !== 'active' || key.revoked_at || key.rotated_at || scopes.length === 0) return quiet;
    if (!key.created_at) return cannotTell('the issuer has not told when the key was made');
    const since = Math.max(watchedSince, Date.parse(key.created_at));
    if (!adviceDue(since, facts, windowDays, everyDays)) return quiet;
    const from = at - windowDays * 86_400_000;
    // Of a key that is not in use at all another rule speaks.
    if (lastAcceptedAt === null || lastAcceptedAt < from || requests < requestsMin) return quiet;
    const unused = scopes.filter(({ usedAt }) => usedAt === null || usedAt < from);
    if (unused.length === 0) return quiet;
    return fire({
      score: 0,
      severity: 'info',
      observed: {
        scopes_unused: unused.slice(0, 20).map(({ scope }) => scope),
        unused: unused.length,
        scopes: scopes.length,
        window_days: windowDays,
        watched_days: daysBetween(watchedSince, at),
        requests,
        owner: key.owner ?? null,
      },
      expected: { unused: 0 },
      quietAt: 0,
    });
  },
});
