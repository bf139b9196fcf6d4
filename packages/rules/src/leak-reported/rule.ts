import * as z from 'zod';
import { defineReportRule, fire } from '../define-rule.ts';

/**
 * Fires when somebody who looks for secrets in public places reports the secret of one of our keys.
 *
 * It is no matter of chance: the report is matched by a hash of the whole secret. A key that works is critical at once,
 * whoever found it first. One that was stopped before is worth a line, since somebody may try it.
 */
export const leakReported = defineReportRule({
  id: 'leak-reported',
  version: 1,
  title: 'Secret of the key was found in public',
  group: 'lifecycle',
  attack: ['T1552.001', 'T1528'],
  owasp: ['API2:2023'],
  params: z.strictObject({}),
  evaluate({ key, feed, secretType, place, reportedAt }) {
    const ended = key.expires_at != null && Date.parse(key.expires_at) <= reportedAt;
    const works = key.status === 'active' && !ended;
    return fire({
      score: works ? 14 : 3,
      severity: works ? 'critical' : 'low',
      observed: { reported_by: feed, secret_type: secretType, key_status: ended ? 'expired' : key.status },
      expected: {},
      samples: [{ found_at: place }],
    });
  },
});
