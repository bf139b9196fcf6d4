import { createHash } from 'node:crypto';
import { automaticStops, incidentEvents, type Store } from '@tripkey/store';
import { IncidentEvent } from './incident/incident-event.ts';
import { policyApprover } from './incident/operation.ts';
import type { IncidentLog } from './incident-log.ts';

/** The incident log in ClickHouse (`incident_events_v1`). */
export function clickHouseIncidentLog(store: Store): IncidentLog {
  return {
    async append(events) {
      await store.insert('incident_events_v1', events.map(toRow), tokenOf(events));
    },
    async load(sinceMs) {
      const rows = await store.ask(incidentEvents, { since: sinceMs });
      return rows.map(({ data, subject_kind: kind, subject_id: id, ...head }) =>
        IncidentEvent.parse({ ...JSON.parse(data), ...head, subject: { kind, id } }),
      );
    },
    async automaticStopsSince(sinceMs) {
      const rows = await store.ask(automaticStops, { since: sinceMs, by: policyApprover });
      return rows.map((row) => row.at);
    },
  };
}

function toRow(event: IncidentEvent): Record<string, unknown> {
  const { incident_id, seq, at, kind, subject, ...data } = event;
  return {
    incident_id,
    seq,
    at: new Date(at).toISOString(),
    kind,
    subject_kind: subject.kind,
    subject_id: subject.id,
    data: JSON.stringify(data),
  };
}

/** One token for one set of events: an insert that is repeated is dropped whole. */
function tokenOf(events: readonly IncidentEvent[]): string {
  const names = events.map(({ incident_id, seq }) => `${incident_id}:${seq}`);
  if (names.length === 1) return `incident:${names[0]}`;
  return `incidents:${createHash('sha256').update(names.join(' ')).digest('hex')}`;
}
