import * as z from 'zod';
import { Evidence, Subject } from '../finding.ts';
import { Severity } from '../severity.ts';
import { FindingSummary } from './findings.ts';
import { Operation } from './operations.ts';
import { PageQuery, pageOf, queryList, Time } from './page.ts';
import { defineRoute } from './route.ts';
import { SeriesQuery, UsageSeries } from './series.ts';

/** `acknowledged` and `snoozed` are open ones that somebody has in hand; `snoozed` ends by itself. */
export const incidentStates = ['open', 'acknowledged', 'snoozed', 'resolved'] as const;
export const IncidentState = z.enum(incidentStates);
export type IncidentState = z.infer<typeof IncidentState>;

/** Why a person says that an incident is over. */
export const ResolveReason = z.enum([
  'false_positive',
  'testing_or_maintenance',
  'remediated',
  'true_positive_benign',
  'true_positive_malicious',
  'other',
]);
export type ResolveReason = z.infer<typeof ResolveReason>;

const Person = z.object({ by: z.string(), name: z.string(), at: Time });

const incidentHead = {
  incident_id: z.string(),
  state: IncidentState,
  severity: Severity,
  score: z.number().describe('highest risk so far'),
  title: z.string().describe('what the worst rule says'),
  rules: z.array(z.string()).describe('worst first'),
  subject: Subject,
  key_id: z.string().nullable(),
  key_name: z.string(),
  account_id: z.string(),
  app_id: z.string(),
  owner: z.string(),
  opened_at: Time,
  last_finding_at: Time,
  closed_at: Time.nullable(),
  findings: z.int(),
  acknowledged: Person.nullable(),
  snoozed_until: Time.nullable(),
  resolution: z.object({ reason: z.string(), by: Person.nullable(), note: z.string() }).nullable(),
  operation: z
    .object({ operation_id: z.string(), action: z.string(), state: z.string() })
    .nullable()
    .describe('the newest'),
  silenced: z.boolean().describe('a silence hides its message'),
};

export const IncidentSummary = z.object(incidentHead);
export type IncidentSummary = z.infer<typeof IncidentSummary>;

export const IncidentsQuery = PageQuery.extend({
  state: queryList(IncidentState).describe('any when empty'),
  severity: queryList(Severity),
  rule_id: z.string().max(64).optional(),
  key_id: z.string().max(256).optional(),
  account_id: z.string().max(256).optional(),
  app_id: z.string().max(256).optional(),
  subject_kind: queryList(Subject.shape.kind),
  resolution: z.string().max(64).optional().describe('such as `false_positive`'),
  q: z.string().max(256).optional().describe('part of id, title, key, name, owner, account or application'),
  from: Time.optional().describe('opened at or after'),
  to: Time.optional().describe('opened before'),
  sort: z.enum(['opened_at', 'last_finding_at', 'severity', 'score']).default('opened_at'),
  order: z.enum(['asc', 'desc']).default('desc'),
});

const Count = z.object({ value: z.string(), count: z.int() });

/** How many incidents each filter would leave, with the other filters as they are. */
export const IncidentFacets = z.object({
  state: z.array(Count),
  severity: z.array(Count),
  rule_id: z.array(Count),
  app_id: z.array(Count).describe('the 20 with most'),
});
export type IncidentFacets = z.infer<typeof IncidentFacets>;

/** What a person may do about it now; whether it still makes sense is decided again when the command comes. */
export const Choice = z.object({
  action: z.enum(['acknowledge', 'snooze', 'resolve', 'stop', 'approve', 'cancel', 'undo']),
  operation_id: z.string().nullable(),
  allowed: z.boolean().describe('false: your role does not let you'),
});

/** What one rule contributes. */
export const Why = z.object({
  rule_id: z.string(),
  rule_version: z.int(),
  title: z.string(),
  detail: z.string().describe('observed beside expected, in words'),
  group: z.string().describe('rules of one group say much the same: only the best of them counts'),
  severity: Severity,
  score: z.number().describe('-log10 of the chance of it in a benign minute'),
  contribution: z.number().describe('share of the risk, 0 to 1; 0 when another rule of the group says more'),
  times: z.int(),
  detected_at: Time,
  evidence: Evidence.omit({ facts: true }),
});
export type Why = z.infer<typeof Why>;

export const IncidentDetail = z.object({
  ...incidentHead,
  seq: z.int().describe('number of its newest event; the ETag'),
  sentence: z.string().describe('what happened, one sentence'),
  response: z.string().describe('what is being done about it, one or two sentences'),
  policy: z
    .object({ mode: z.string(), reason: z.string() })
    .nullable()
    .describe('why nothing is done by itself'),
  why: z.array(Why).describe('worst first'),
  operations: z.array(Operation).describe('newest first'),
  choices: z.array(Choice),
  messages: z.array(z.object({ channel: z.string(), ts: z.string(), state: z.string() })),
  protected: z.boolean().describe('stopping the key needs two people'),
  related: z
    .array(z.object({ incident_id: z.string(), title: z.string(), state: IncidentState, opened_at: Time }))
    .describe('other incidents of the key or its lineage, newest first, at most 20'),
  sql: z
    .array(z.object({ title: z.string(), sql: z.string() }))
    .describe('what the panels show, as queries for the SQL page'),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

export const TimelineEntry = z.object({
  seq: z.int(),
  at: Time,
  kind: z.string(),
  actor: z.string().describe('`system`, `policy` or a person'),
  text: z.string().describe('in words'),
  data: z.record(z.string(), z.unknown()).describe('the event as it stands in the log'),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

const novelty = { requests: z.number(), first_at: Time };

/** How the key's use since the incident began differs from the 14 days before. */
export const IncidentChanges = z.object({
  from: Time,
  to: Time,
  compared_from: Time,
  new_networks: z.array(z.object({ network: z.string(), asn: z.int(), country: z.string(), ...novelty })),
  new_endpoints: z.array(
    z.object({ method: z.string(), route: z.string(), granted: z.boolean().nullable(), ...novelty }),
  ),
  new_agents: z.array(z.object({ agent_family: z.string(), ...novelty })),
  rates: z
    .array(z.object({ what: z.string(), now: z.number(), before: z.number() }))
    .describe('a minute of use: requests, bytes_out, denied, errors_5xx'),
  blast_radius: z.object({
    requests: z.number(),
    accepted: z.number(),
    bytes_out: z.number(),
    objects: z.int().describe('different paths that were read or written'),
    writes: z.number().describe('accepted requests with a method other than GET, HEAD or OPTIONS'),
    networks: z.int(),
    endpoints: z.array(
      z.object({
        method: z.string(),
        route: z.string(),
        accepted: z.number(),
        objects: z.int(),
        bytes_out: z.number(),
      }),
    ),
    after_stop: z
      .number()
      .nullable()
      .describe('requests accepted after the confirmed stop; null: not stopped'),
  }),
});
export type IncidentChanges = z.infer<typeof IncidentChanges>;

/** A request as it is stored. Everything in it may come from an attacker: text, never markup. */
export const SampleEvent = z.object({
  ts: Time,
  event_id: z.string(),
  key_id: z.string(),
  method: z.string(),
  route: z.string(),
  path: z.string(),
  status: z.int(),
  outcome: z.string(),
  client_ip: z.string(),
  network: z.string(),
  asn: z.int(),
  country: z.string(),
  user_agent: z.string(),
  bytes_in: z.number(),
  bytes_out: z.number(),
  latency_ms: z.number(),
  gateway: z.string(),
  trace_id: z.string(),
});
export type SampleEvent = z.infer<typeof SampleEvent>;

/** What became of something a person asked for. `waiting`: the alerter has not answered yet; ask again. */
export const CommandResult = z.object({
  command_id: z.string(),
  incident_id: z.string(),
  state: z.enum(['done', 'refused', 'waiting']),
  told: z.string().nullable().describe('why it was refused'),
});
export type CommandResult = z.infer<typeof CommandResult>;

export const Snooze = z.object({
  minutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60),
});
export const Resolve = z.object({ reason: ResolveReason, note: z.string().max(300).default('') });
export const WithReason = z.object({ reason: z.string().trim().min(1).max(300) });

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
