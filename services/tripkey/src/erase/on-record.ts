import type { AuditTrail } from '@tripkey/alerter';
import { systemClock } from '@tripkey/service-kit';
import type { Erasure } from './erase-account.ts';

export interface ErasureWish {
  readonly account: string;
  readonly by: string;
  readonly reason: string;
  /** Incidents that will be gone: on record, or their absence would look like somebody's doing. */
  readonly incidentIds: readonly string[];
}

/**
 * Erases with a line in the audit log before, without which nothing is erased, and one after: a first line without a
 * second is an erasure that was cut off.
 * @throws what `erase` throws, and when the log takes no line
 */
export async function onRecord(
  audit: AuditTrail,
  { account, by, reason, incidentIds }: ErasureWish,
  erase: () => Promise<Erasure>,
): Promise<Erasure> {
  const write = async (kind: string, more: object) => {
    const data = JSON.stringify({ account_id: account, reason, ...more });
    const at = systemClock.now();
    audit.add([{ at, kind, actor: `cli:${by}`, incident_id: '', incident_seq: 0, data }]);
    await audit.flush();
  };
  await write('account_erase_begun', { incidents: incidentIds });
  let erasure: Erasure;
  try {
    erasure = await erase();
  } catch (error) {
    await write('account_erase_failed', {});
    throw error;
  }
  await write('account_erased', { rows: erasure.rows, changed: erasure.changed });
  return erasure;
}
