import { createHash } from 'node:crypto';
import {
  automaticStops,
  findingsInIncidents,
  incidentEvents,
  incidentEventsOf,
  keyIncidentsOpened,
  type Store,
} from '@tripkey/store';
import type * as z from 'zod';
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
      return (await store.ask(incidentEvents, { since: sinceMs })).map(incidentEventFromRow);
    },
    async loadOne(incidentId) {
      return (await store.ask(incidentEventsOf, { incident_id: incidentId })).map(incidentEventFromRow);
    },
    async automaticStopsSince(sinceMs) {
      const rows = await store.ask(automaticStops, { since: sinceMs, by: policyApprover });
      return rows.map((row) => ({ at: row.at === 0 ? null : row.at, keyId: row.key_id }));
    },
    async findingsIn(findingIds) {
      const rows = await store.ask(findingsInIncidents, { findings: [...findingIds] });
      return new Set(rows.map(({ finding_id }) => finding_id));
    },
    async oddKeysSince(sinceMs) {
      return (await store.ask(keyIncidentsOpened, { since: sinceMs }))[0]?.keys ?? 0;
    },
  };
}

/** The entry of the log that a row of `incident_events_v1` holds. */
export function incidentEventFromRow(row: z.infer<typeof incidentEvents.row>): IncidentEvent {
  const { data, subject_kind: kind, subject_id: id, ...head } = row;
  return IncidentEvent.parse({ ...JSON.parse(data), ...head, subject: { kind, id } });
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
