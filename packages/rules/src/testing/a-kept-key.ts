import type { KeyRecord } from '@tripkey/contract';
import type { AdviceFacts } from '../advice-facts.ts';

const dayMs = 86_400_000;
/** A Monday morning. */
const at = Date.parse('2026-03-02T10:00:00.000Z');

/** A time so many days before the look at the key. */
export const daysAgo = (days: number) => at - days * dayMs;

/** A key of two months, in daily use with both of its scopes, looked at once a day. */
export function aKeptKey(
  changes: Partial<Omit<AdviceFacts, 'key'>> & { key?: Partial<KeyRecord> } = {},
): AdviceFacts {
  const { key, ...rest } = changes;
  return {
    at,
    windowFrom: at - dayMs,
    windowTo: at,
    keyId: 'key_forms_1',
    lineageId: 'key_forms_1',
    key: {
      key_id: 'key_forms_1',
      account_id: 'acct_acme',
      app_id: 'app_forms',
      scopes: ['read:leads', 'write:leads'],
      created_at: new Date(daysAgo(60)).toISOString(),
      status: 'active',
      protected: false,
      tags: {},
      ...key,
    },
    watchedSince: daysAgo(400),
    lastAcceptedAt: daysAgo(0),
    requests: 50_000,
    scopes: [
      { scope: 'read:leads', usedAt: daysAgo(0) },
      { scope: 'write:leads', usedAt: daysAgo(3) },
    ],
    ...rest,
  };
}
