import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet } from '../define-rule.ts';

/**
 * Fires when a key is used after it was revoked, disabled or has expired.
 *
 * A request that is let through is a hole in enforcement and always critical. Requests that are refused are an early
 * sign: somebody still holds the key, or a forgotten job still uses it.
 */
export const revokedKeyUsed = defineRule({
  id: 'revoked-key-used',
  version: 1,
  title: 'A key that was stopped is still in use',
  group: 'lifecycle',
  attack: ['T1550.001'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    graceSeconds: z.int().min(0).default(120).describe('time an issuer may take until every gateway knows'),
    deniedMin: z.int().positive().default(5).describe('refused requests of an hour worth a word'),
  }),
  evaluate({ key, fresh, window, windowTo }, { graceSeconds, deniedMin }) {
    if (!key) return cannotTell('the issuer has not told us about the key');
    const stoppedAt = stopTime(key);
    if (stoppedAt === null || windowTo - 60_000 < stoppedAt + graceSeconds * 1000) return quiet;
    const observed = { accepted: fresh.accepted, denied: window.denied, status: key.status };
    const expected = { accepted: 0, stopped_at: stoppedAt > 0 ? new Date(stoppedAt).toISOString() : null };
    if (fresh.accepted > 0) return fire({ score: 10, severity: 'critical', observed, expected, quietAt: 0 });
    if (window.denied < deniedMin) return quiet;
    return fire({ score: 2, severity: 'low', observed, expected, quietAt: deniedMin - 1 });
  },
});

/** When a key stopped being valid, epoch ms; 0 when it has and nobody said when; null when it has not. */
function stopTime(key: {
  status: string;
  revoked_at?: string | null | undefined;
  expires_at?: string | null | undefined;
}): number | null {
  // A key that was stopped by hand stays stopped, however far off its expiry is.
  if (key.status !== 'active' && !key.revoked_at && key.status !== 'expired') return 0;
  const times = [key.revoked_at, key.expires_at].flatMap((time) => (time ? [Date.parse(time)] : []));
  if (times.length > 0) return Math.min(...times);
  return key.status === 'active' ? null : 0;
}
