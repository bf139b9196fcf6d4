import {
  currentOperation,
  fold,
  type Incident,
  type IncidentEvent,
  incidentEventFromRow,
} from '@tripkey/alerter';
import type { IncidentState, IncidentSummary } from '@tripkey/contract/api';
import { eventsOfIncidents } from '@tripkey/store/reading';
import type { AnswerParts } from './answer-parts.ts';
import { iso, isoOrNull } from './times.ts';

/** An incident with the log that it is the fold of. */
export interface LoadedIncident {
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
}

/** Incidents by their ids, as they stand in the log; an id that is not known is left out. */
export async function loadIncidents(
  { store }: Pick<AnswerParts, 'store'>,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, LoadedIncident>> {
  if (ids.length === 0) return new Map();
  const rows = await store.ask(eventsOfIncidents, { incidents: [...ids] }, signal);
  const events = Map.groupBy(rows.map(incidentEventFromRow), ({ incident_id }) => incident_id);
  return new Map([...events].map(([id, own]) => [id, { incident: fold(own), events: own }]));
}

/** What lists show of an incident. */
export function toIncidentSummary(
  { incident, events }: LoadedIncident,
  { keys }: Pick<AnswerParts, 'keys'>,
  now: number,
): IncidentSummary {
  const key = incident.keyId === null ? undefined : keys.get(incident.keyId);
  const operation = currentOperation(incident);
  const resolved = events.findLast(({ kind }) => kind === 'resolved');
  const { acknowledged, resolution } = incident;
  return {
    incident_id: incident.id,
    state: stateOf(incident, now),
    severity: incident.severity,
    score: incident.score,
    title: incident.rules[0]?.title ?? 'Unusual use',
    rules: incident.rules.map(({ ruleId }) => ruleId),
    subject: incident.subject,
    key_id: incident.keyId,
    key_name: key?.name ?? '',
    account_id: incident.accountId,
    app_id: incident.appId,
    owner: key?.owner ?? '',
    opened_at: iso(incident.openedAt),
    last_finding_at: iso(incident.lastFindingAt),
    closed_at: isoOrNull(incident.closedAt),
    findings: incident.findingCount,
    acknowledged: acknowledged && { ...acknowledged, at: iso(acknowledged.at) },
    snoozed_until: incident.snoozed && iso(incident.snoozed.until),
    resolution: resolution && {
      reason: resolution.reason,
      by: resolution.by && { ...resolution.by, at: iso(resolution.by.at) },
      note: resolved?.kind === 'resolved' ? (resolved.note ?? '') : '',
      into: resolution.into,
    },
    operation: operation && { operation_id: operation.id, action: operation.action, state: operation.state },
    silenced: incident.silencedBy !== null,
  };
}

/** What people call the state of an incident; the view `incidents` says the same. */
export function stateOf(incident: Incident, now: number): IncidentState {
  if (incident.state === 'resolved') return 'resolved';
  if (incident.snoozed && incident.snoozed.until > now) return 'snoozed';
  return incident.acknowledged ? 'acknowledged' : 'open';
}
