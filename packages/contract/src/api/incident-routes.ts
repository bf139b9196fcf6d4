import * as z from 'zod';
import { FindingSummary } from './findings.ts';
import { CommandResult, Resolve, Snooze, WithReason } from './incident-commands.ts';
import { IncidentChanges, SampleEvent } from './incident-evidence.ts';
import {
  IncidentDetail,
  IncidentFacets,
  IncidentSummary,
  IncidentsQuery,
  TimelineEntry,
} from './incidents.ts';
import { PageQuery, pageOf } from './page.ts';
import { defineRoute } from './route.ts';
import { SeriesQuery, UsageSeries } from './series.ts';

const Path = z.object({ incident_id: z.string().min(1).max(64) });
const OperationPath = Path.extend({ operation_id: z.string().min(16).max(64) });
const tag = 'incidents';
const read = { method: 'get', tag, access: 'read' } as const;
const command = {
  method: 'post',
  tag,
  response: CommandResult,
  status: 202,
  idempotent: true,
  etag: true,
} as const;

export const incidentRoutes = [
  defineRoute({
    ...read,
    id: 'listIncidents',
    path: '/v1/incidents',
    summary: 'Incidents, newest first',
    query: IncidentsQuery,
    response: pageOf(IncidentSummary),
    streams: 'export',
  }),
  defineRoute({
    ...read,
    id: 'getIncidentFacets',
    path: '/v1/incident-facets',
    summary: 'How many incidents each filter would leave',
    query: IncidentsQuery.omit({ cursor: true, limit: true, format: true, sort: true, order: true }),
    response: IncidentFacets,
  }),
  defineRoute({
    ...read,
    id: 'getIncident',
    path: '/v1/incidents/{incident_id}',
    summary: 'One incident: what happened, why, what is being done',
    params: Path,
    response: IncidentDetail,
    etag: true,
  }),
  defineRoute({
    ...read,
    id: 'getIncidentChart',
    path: '/v1/incidents/{incident_id}/chart',
    summary: 'Traffic of its subject around the incident, with the expected band and the flagged windows',
    params: Path,
    query: SeriesQuery,
    response: UsageSeries,
  }),
  defineRoute({
    ...read,
    id: 'getIncidentChanges',
    path: '/v1/incidents/{incident_id}/changes',
    summary: 'What is new since it began, and how far it reached',
    params: Path,
    response: IncidentChanges,
  }),
  defineRoute({
    ...read,
    id: 'listIncidentFindings',
    path: '/v1/incidents/{incident_id}/findings',
    summary: 'Findings of an incident',
    params: Path,
    query: PageQuery,
    response: pageOf(FindingSummary),
    streams: 'export',
  }),
  defineRoute({
    ...read,
    id: 'listIncidentSamples',
    path: '/v1/incidents/{incident_id}/samples',
    summary: 'Requests behind an incident, newest first',
    params: Path,
    query: PageQuery,
    response: pageOf(SampleEvent),
    streams: 'export',
  }),
  defineRoute({
    ...read,
    id: 'listIncidentTimeline',
    path: '/v1/incidents/{incident_id}/timeline',
    summary: 'Everything that happened to an incident, newest first',
    params: Path,
    query: PageQuery,
    response: pageOf(TimelineEntry),
    streams: 'export',
  }),
  defineRoute({
    ...command,
    id: 'acknowledgeIncident',
    path: '/v1/incidents/{incident_id}/acknowledge',
    access: 'triage',
    summary: 'Say that I look at it',
    params: Path,
  }),
  defineRoute({
    ...command,
    id: 'snoozeIncident',
    path: '/v1/incidents/{incident_id}/snooze',
    access: 'triage',
    summary: 'Say that somebody looks at it later',
    params: Path,
    body: Snooze,
  }),
  defineRoute({
    ...command,
    id: 'resolveIncident',
    path: '/v1/incidents/{incident_id}/resolve',
    access: 'triage',
    summary: 'Say that it is over, and what it was (false positive, remediated …)',
    params: Path,
    body: Resolve,
  }),
  defineRoute({
    ...command,
    id: 'stopKey',
    path: '/v1/incidents/{incident_id}/stop',
    access: 'act',
    summary: 'Revoke: disable the key at its issuer; a protected key needs a second person',
    params: Path,
    body: WithReason,
  }),
  defineRoute({
    ...command,
    id: 'approveOperation',
    path: '/v1/incidents/{incident_id}/operations/{operation_id}/approve',
    access: 'act',
    summary: 'Agree to what was proposed',
    params: OperationPath,
  }),
  defineRoute({
    ...command,
    id: 'cancelOperation',
    path: '/v1/incidents/{incident_id}/operations/{operation_id}/cancel',
    access: 'act',
    summary: 'Call off what has not begun',
    params: OperationPath,
  }),
  defineRoute({
    ...command,
    id: 'undoOperation',
    path: '/v1/incidents/{incident_id}/operations/{operation_id}/undo',
    access: 'act',
    summary: 'Take a stop back: enable the key again',
    params: OperationPath,
    body: WithReason,
  }),
  defineRoute({
    ...read,
    id: 'getCommand',
    path: '/v1/incidents/{incident_id}/commands/{command_id}',
    summary: 'What became of something that was asked for',
    params: Path.extend({ command_id: z.string().min(8).max(128) }),
    response: CommandResult,
  }),
] as const;
