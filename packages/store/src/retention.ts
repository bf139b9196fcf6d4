import * as z from 'zod';
import type { Store } from './store.ts';

/** How long rows are kept. Policy, not schema: history that is replayed or backtested must not expire on arrival. */
export const Retention = z.object({
  rawDays: z.coerce.number().int().positive().default(30),
  minuteDays: z.coerce.number().int().positive().default(90),
  deadLetterDays: z.coerce.number().int().positive().default(90),
});
export type Retention = z.infer<typeof Retention>;

/** Sets the TTLs; whole parts expire, so it costs no rewriting. Findings, incidents and audit are kept for ever. */
export async function applyRetention(store: Store, retention: Retention): Promise<void> {
  const ttls = [
    ['requests_raw_v1', 'toDateTime(ts)', retention.rawDays],
    ['usage_per_minute_v1', 'minute', retention.minuteDays],
    ['dead_letters_v1', 'toDateTime(at)', retention.deadLetterDays],
  ] as const;
  for (const [table, time, days] of ttls) {
    await store.command(
      `ALTER TABLE ${store.changing(table)} MODIFY TTL ${time} + INTERVAL ${days} DAY SETTINGS materialize_ttl_after_modify = 0`,
    );
  }
}
