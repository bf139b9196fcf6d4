import type { Operation } from '@tripkey/contract/api';
import type { LoadedIncident } from './incident-summary.ts';
import { iso, isoOrNull } from './times.ts';

/** The operations of an incident, newest first. */
export function toOperations({ incident, events }: LoadedIncident): Operation[] {
  return incident.operations
    .map((operation): Operation => {
      const own = events.filter((event) => 'operation_id' in event && event.operation_id === operation.id);
      const proven = own.findLast(({ kind }) => kind === 'operation_traffic_confirmed');
      return {
        operation_id: operation.id,
        incident_id: incident.id,
        action: operation.action,
        key_id: operation.keyId,
        issuer: operation.issuer,
        state: operation.state,
        since: iso(operation.since),
        proposed_at: iso(own[0]?.at ?? operation.since),
        reason: operation.reason,
        agreed_by: [...operation.agreedBy],
        approved_by: operation.approvedBy,
        not_before: isoOrNull(operation.notBefore),
        stopped_at: isoOrNull(operation.stoppedAt),
        proven_at: proven ? iso(proven.at) : null,
        attempts: operation.attempts,
      };
    })
    .reverse();
}
