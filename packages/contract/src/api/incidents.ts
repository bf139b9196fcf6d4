import * as z from 'zod';
import { Evidence, Subject } from '../finding.ts';
import { Severity } from '../severity.ts';
import { Operation } from './operations.ts';
import { PageQuery, queryList, Time } from './page.ts';

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
  resolution: z
    .object({
      reason: z.string(),
      by: Person.nullable(),
      note: z.string(),
      into: z.string().nullable().describe('the incident that it became a part of'),
    })
    .nullable(),
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
  action: z.enum(['acknowledge', 'snooze', 'resolve', 'reopen', 'stop', 'approve', 'cancel', 'undo']),
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
  seq: z.int().describe('number of its newest event'),
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
