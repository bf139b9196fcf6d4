import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when a key reaches beyond its scopes: refused there, or, worse, let through.
 *
 * What a key was granted is the one thing about it that does not have to be learnt. An attempt that is refused tells
 * that somebody does not know the key; one that is let through is a hole in enforcement.
 */
export const outsideScopes = defineRule({
  id: 'outside-scopes',
  version: 1,
  title: 'Key reaches beyond its scopes',
  group: 'grant',
  attack: ['T1548', 'T1078.004'],
  owasp: ['API5:2023'],
  params: z.strictObject({
    deniedScore: z
      .number()
      .positive()
      .default(1.5)
      .describe('score of the first endpoint outside that is refused'),
    acceptedScore: z
      .number()
      .positive()
      .default(1)
      .describe('score of the first endpoint outside that is let through'),
    furtherScore: z.number().positive().default(0.75).describe('score of each further endpoint outside'),
    scoreMax: z.number().positive().default(8).describe('most that it can say alone'),
    enforced: z
      .boolean()
      .default(false)
      .describe('the scope table is complete: one request let through outside it is critical'),
  }),
  evaluate({ key, news }, { deniedScore, acceptedScore, furtherScore, scoreMax, enforced }) {
    if (!key) return cannotTell('the issuer has not told us about the key');
    const outside = news.endpoints.filter(
      (endpoint) => endpoint.use.granted === false && endpoint.peersStarting < 0.5,
    );
    if (!outside.some((endpoint) => endpoint.fresh)) return quiet;
    const denied = outside.filter((endpoint) => endpoint.denied > 0);
    const accepted = outside.filter((endpoint) => endpoint.accepted > 0);
    const first = Math.max(denied.length > 0 ? deniedScore : 0, accepted.length > 0 ? acceptedScore : 0);
    if (first === 0) return quiet;
    const score = Math.min(scoreMax, first + furtherScore * (outside.length - 1));
    const hole = enforced && accepted.length > 0;
    return fire({
      score,
      severity: hole ? 'critical' : severityOf(score, 'high'),
      observed: { endpoints_denied: denied.length, endpoints_accepted: accepted.length },
      expected: { scopes: key.scopes.slice(0, 20) },
      quietAt: 0,
      samples: outside.slice(0, 5).map(({ use, requests, denied: refused }) => ({
        method: use.method,
        route: use.route,
        requests,
        denied: refused,
      })),
    });
  },
});
