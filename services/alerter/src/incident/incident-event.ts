import { Evidence, Finding, Severity, Subject } from '@tripkey/contract';
import * as z from 'zod';
import { BlastRadius } from '../survey/blast-radius.ts';
import { UsageChart } from '../survey/chart.ts';

/** What automatic response may do about an incident. */
export const ResponseMode = z.enum(['observe', 'propose', 'act']);
export type ResponseMode = z.infer<typeof ResponseMode>;

/** Why an incident is over: by itself, or in the words that security teams use. */
export const ResolutionReason = z.enum([
  'quiet',
  'merged',
  'false_positive',
  'testing_or_maintenance',
  'remediated',
  'true_positive_benign',
  'true_positive_malicious',
  'other',
]);
export type ResolutionReason = z.infer<typeof ResolutionReason>;

const time = z.int().describe('epoch ms');
const by = z.string().max(128).describe('`policy`, or a person such as `slack:U0123`');
/** Who did it by which command; a command that comes twice is known by its id. */
const person = { by, by_name: z.string().max(128).optional(), command_id: z.string().min(8).max(128) };
const reason = z.string().max(500);
const operation_id = z.string().min(16).max(64);
const delivery_id = z.string().max(128);
const action = z.enum(['disable', 'enable']);
const triedAction = action.optional().describe('what was tried; absent: not said');
const isProtected = z
  .boolean()
  .optional()
  .describe('the issuer protects the key: stopping it takes two people');

/** A finding as the log keeps it: the evidence only of what is new or stronger; the rest stands in `findings_v1`. */
export const LoggedFinding = Finding.omit({ evidence: true, subject: true }).extend({
  evidence: Evidence.nullable(),
});
export type LoggedFinding = z.infer<typeof LoggedFinding>;

const kinds = [
  z.object({
    kind: z.literal('opened'),
    key_id: z.string().nullable(),
    account_id: z.string(),
    app_id: z.string(),
    severity: Severity,
    score: z.number(),
    partition: z.int().nullable().describe('of the findings topic: who holds it writes this incident'),
  }),
  z.object({ kind: z.literal('finding_added'), finding: LoggedFinding, score: z.number() }),
  z.object({ kind: z.literal('severity_raised'), from: Severity, to: Severity, score: z.number() }),
  z.object({
    kind: z.literal('resolved'),
    reason: ResolutionReason,
    last_finding_at: time,
    note: z.string().max(500).optional(),
    into: z.string().max(64).optional().describe('the incident that it is part of, when merged'),
    ...z.object(person).partial().shape,
  }),
  z.object({
    kind: z.literal('absorbed'),
    ...person,
    from: z.string().max(64).describe('an incident that is part of this one'),
    from_title: z.string().max(300),
  }),
  z.object({ kind: z.literal('reopened'), ...person, reason }),
  z.object({ kind: z.literal('escalated'), reason, ...z.object(person).partial().shape }),
  z.object({ kind: z.literal('snooze_ended') }),
  z.object({
    kind: z.literal('surveyed'),
    chart: UsageChart.nullable(),
    blast_radius: BlastRadius.nullable(),
  }),
  z.object({
    kind: z.literal('digested'),
    host: z.string().max(64).describe('the incident whose log holds the digest that tells of this one'),
  }),
  z.object({ kind: z.literal('silenced'), silence_id: z.string().max(64), until: time }),
  z.object({ kind: z.literal('acknowledged'), ...person }),
  z.object({ kind: z.literal('snoozed'), ...person, until: time }),
  z.object({
    kind: z.literal('command_refused'),
    ...person,
    command: z.string().max(32),
    reason: z.string().max(500).describe('what the person was told'),
  }),

  z.object({ kind: z.literal('response_observed'), reason }),
  z.object({ kind: z.literal('response_held'), reason }),
  z.object({
    kind: z.literal('operation_proposed'),
    operation_id,
    action,
    key_id: z.string(),
    issuer: z.string(),
    mode: z.enum(['propose', 'act']).describe('whether a person has to agree'),
    loud: z.boolean().optional().describe('a cap was reached: people have to know'),
    protected: isProtected,
    reason,
    ...z.object(person).partial().shape,
  }),
  z.object({
    kind: z.literal('operation_approved'),
    operation_id,
    key_id: z.string().optional().describe('so that caps can be counted by owner'),
    not_before: time.optional().describe('until then it can be cancelled'),
    ...z.object(person).partial().shape,
    by,
  }),
  z.object({ kind: z.literal('operation_agreed'), operation_id, ...person }),
  z.object({ kind: z.literal('operation_executing'), operation_id, attempt: z.int().positive() }),
  z.object({
    kind: z.literal('operation_state_confirmed'),
    operation_id,
    key_state: z.string(),
    propagation_ms: z.int().nonnegative(),
    request_id: z.string().nullable(),
    undo: z.enum(['possible', 'impossible']).optional().describe("the issuer's word; absent: possible"),
    undo_until: time.optional().describe('absent: for ever'),
  }),
  z.object({
    kind: z.literal('operation_traffic_confirmed'),
    operation_id,
    judged_from: time,
    judged_until: time,
  }),
  z.object({
    kind: z.literal('operation_not_effective'),
    operation_id,
    accepted: z.int().positive(),
    first_at: time,
    last_at: time,
    key_state: z.string(),
  }),
  z.object({
    kind: z.literal('operation_refused'),
    operation_id,
    reason,
    action: triedAction,
    protected: isProtected,
  }),
  z.object({ kind: z.literal('operation_expired'), operation_id, reason }),
  z.object({ kind: z.literal('operation_failed'), operation_id, reason, action: triedAction }),
  z.object({
    kind: z.literal('operation_cancelled'),
    operation_id,
    ...z.object(person).partial().shape,
    by,
  }),

  z.object({ kind: z.literal('message_sending'), delivery_id, attempt: z.int().positive() }),
  z.object({
    kind: z.literal('message_sent'),
    delivery_id,
    channel: z.string(),
    ts: z.string(),
    content: z.string().describe('hash of what was sent; `adopted` when it was found instead'),
  }),
  z.object({ kind: z.literal('message_updated'), delivery_id, content: z.string() }),
  z.object({ kind: z.literal('message_unknown'), delivery_id, reason }),
  z.object({ kind: z.literal('message_returned'), delivery_id, reason }),
  z.object({ kind: z.literal('message_failed'), delivery_id, reason }),
] as const;

/** What can happen to an incident, without when and to which. */
export const IncidentEventBody = z.discriminatedUnion('kind', kinds);
export type IncidentEventBody = z.infer<typeof IncidentEventBody>;

/** Where an event stands in the log. */
export const IncidentEventHead = z.object({
  incident_id: z.string().min(1).max(64),
  seq: z.int().positive().describe('running number in the incident, from 1'),
  at: time,
  subject: Subject,
});

/** One entry of the append-only log (`incident_events_v1`); an incident is the fold of its entries. */
export const IncidentEvent = IncidentEventHead.and(IncidentEventBody);
export type IncidentEvent = z.infer<typeof IncidentEventHead> & IncidentEventBody;

export type EventOf<K extends IncidentEventBody['kind']> = Extract<IncidentEvent, { kind: K }>;
