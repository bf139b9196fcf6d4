import type { Store } from '@tripkey/store';
import { clickHouseIncidentLog } from '../clickhouse-incident-log.ts';
import type { AuditHead } from './audit-line.ts';
import { clickHouseAuditLog } from './clickhouse-audit-log.ts';
import { type AuditVerdict, verifyAudit } from './verify-audit.ts';

/** A fault that is only a write under way is gone with the next look. */
const attemptsMax = 3;
const betweenMs = 2_000;

/**
 * Verifies the audit log of a store against itself and against the whole incident log. An alerter may run meanwhile.
 * @param known heads that an earlier run gave
 */
export async function verifyStoredAudit(
  store: Store,
  known: readonly AuditHead[] = [],
): Promise<AuditVerdict> {
  const incidentLog = clickHouseIncidentLog(store);
  for (let attempt = 1; ; attempt++) {
    // Entries of the log come first and their lines a moment later; what was written in between is looked at again.
    const lines = await clickHouseAuditLog(store).lines();
    const verdict = verifyAudit(lines, await incidentLog.load(0), known);
    if (verdict.faults.length === 0 || attempt === attemptsMax) return verdict;
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
  }
}
