import { type Severity, type Subject, worse } from '@tripkey/contract';
import type { Survey } from '../survey/surveyor.ts';
import { changeDelivery, type Delivery } from './delivery.ts';
import type { EventOf, IncidentEvent, ResolutionReason } from './incident-event.ts';
import { cameToNothing, changeOperations, type Operation, policyApprover } from './operation.ts';
import { addSignal, type RuleSignal } from './rule-signal.ts';

export type { RuleSignal };

/** What the log says about one incident. Times are epoch ms. */
export interface Incident {
  readonly id: string;
  /** Number of its newest event. */
  readonly seq: number;
  readonly subject: Subject;
  readonly keyId: string | null;
  readonly accountId: string;
  readonly appId: string;
  readonly partition: number | null;
  readonly state: 'open' | 'resolved';
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly severity: Severity;
  /** Highest risk so far. */
  readonly score: number;
  readonly rules: readonly RuleSignal[];
  readonly findingCount: number;
  /** Ends of the first windows, up to a hundred, in which something of weight was found: how often it was odd, whoever said so. */
  readonly windowEnds: readonly number[];
  /** Whether something in it was found of another key, which a merge brings: it does not all speak against its own. */
  readonly hasOtherKeys: boolean;
  readonly firstFindingAt: number;
  readonly lastFindingAt: number;
  /** Start of the first window that a finding is about. */
  readonly oddFrom: number;
  /** Last time that something was heard about the subject. */
  readonly lastHeardAt: number;
  readonly acknowledged: Handled | null;
  /** Somebody looks at it later: until then nothing is said louder than in the thread. */
  readonly snoozed: (Handled & { readonly until: number }) | null;
  /** When people were told that nobody looks after it. */
  readonly escalatedAt: number | null;
  /** The incident that holds the digest which tells of this one; null when it has a message of its own. */
  readonly digest: string | null;
  /** Number of the event by which it went into that digest; 0 without one. */
  readonly digestedAt: number;
  /** What its key's traffic looked like when people were told first. */
  readonly survey: Survey | null;
  /** The last silence that hid it. */
  readonly silencedBy: string | null;
  readonly resolution: {
    readonly reason: ResolutionReason;
    readonly by: Handled | null;
    /** The incident that it became a part of. */
    readonly into: string | null;
  } | null;
  /** What became of people's commands, by their id: null when done, else what they were told. */
  readonly answers: ReadonlyMap<string, string | null>;
  readonly response: { readonly mode: 'observe' | 'held'; readonly reason: string } | null;
  readonly operations: readonly Operation[];
  readonly deliveries: ReadonlyMap<string, Delivery>;
  /** The events that are told one by one, in the thread. */
  readonly story: readonly StoryEvent[];
}

/** What an incident that is open again has lost. */
const anew = {
  state: 'open',
  closedAt: null,
  acknowledged: null,
  snoozed: null,
  escalatedAt: null,
  resolution: null,
} as const satisfies Partial<Incident>;

/** Who did something, and when (epoch ms). */
export interface Handled {
  readonly by: string;
  /** The name that people know them by. */
  readonly name: string;
  readonly at: number;
}

/** More windows are not told apart. */
export const windowEndsMax = 100;

const storyKinds = [
  'severity_raised',
  'acknowledged',
  'snoozed',
  'snooze_ended',
  'escalated',
  'reopened',
  'absorbed',
  'operation_proposed',
  'operation_agreed',
  'operation_approved',
  'operation_state_confirmed',
  'operation_traffic_confirmed',
  'operation_not_effective',
  'operation_refused',
  'operation_failed',
  'operation_cancelled',
  'operation_expired',
  'resolved',
] as const;
export type StoryEvent = EventOf<(typeof storyKinds)[number]>;

/** Folds the events of one incident, in the order of `seq`. @throws when the first is not `opened`. */
export function fold(events: Iterable<IncidentEvent>): Incident {
  let incident: Incident | null = null;
  for (const event of events) incident = apply(incident, event);
  if (!incident) throw new Error('an incident has at least one event');
  return incident;
}

/**
 * The incident after one more event.
 * @throws when the log has a gap: something was lost or two writers wrote.
 */
export function apply(incident: Incident | null, event: IncidentEvent): Incident {
  if (!incident) {
    if (event.kind !== 'opened') throw new Error(`incident ${event.incident_id} begins with ${event.kind}`);
    return open(event);
  }
  if (event.seq !== incident.seq + 1) {
    throw new Error(`incident ${incident.id}: event ${event.seq} follows ${incident.seq}`);
  }
  const next = { ...incident, seq: event.seq, ...change(incident, event), ...answer(incident, event) };
  return isStoryEvent(event) ? { ...next, story: [...next.story, event] } : next;
}

/** The newest operation; earlier ones are history. */
export function currentOperation(incident: Incident): Operation | null {
  return incident.operations.at(-1) ?? null;
}

/** The operation that says what the key is now: the newest one, or the stop that the newest ones could not take back. */
export function lastingOperation({ operations }: Incident): Operation | null {
  return (
    operations.findLast((operation) => operation.action === 'disable' || !cameToNothing(operation)) ?? null
  );
}

/** Whether an event is told in the thread. */
export function isStoryEvent(event: IncidentEvent): event is StoryEvent {
  // What the policy approves at once is told by the proposal.
  if (event.kind === 'operation_approved' && event.by === policyApprover && event.not_before === undefined)
    return false;
  return (storyKinds as readonly string[]).includes(event.kind);
}

function open(event: EventOf<'opened'>): Incident {
  return {
    id: event.incident_id,
    seq: event.seq,
    subject: event.subject,
    keyId: event.key_id,
    accountId: event.account_id,
    appId: event.app_id,
    partition: event.partition,
    state: 'open',
    openedAt: event.at,
    closedAt: null,
    severity: event.severity,
    score: event.score,
    rules: [],
    findingCount: 0,
    windowEnds: [],
    hasOtherKeys: false,
    firstFindingAt: event.at,
    lastFindingAt: event.at,
    oddFrom: event.at,
    lastHeardAt: event.at,
    acknowledged: null,
    snoozed: null,
    escalatedAt: null,
    digest: null,
    digestedAt: 0,
    survey: null,
    silencedBy: null,
    resolution: null,
    answers: new Map(),
    response: null,
    operations: [],
    deliveries: new Map(),
    story: [],
  };
}

function change(incident: Incident, event: IncidentEvent): Partial<Incident> {
  switch (event.kind) {
    case 'opened':
      throw new Error(`incident ${incident.id} opened twice`);
    case 'finding_added':
      return addFinding(incident, event);
    case 'severity_raised':
      return { severity: event.to, score: Math.max(incident.score, event.score) };
    case 'resolved':
      return {
        state: 'resolved',
        closedAt: event.at,
        resolution: {
          reason: event.reason,
          by: event.by === undefined ? null : handled(event, event.by),
          into: event.into ?? null,
        },
      };
    case 'reopened':
      return { ...anew, acknowledged: handled(event, event.by), lastHeardAt: event.at };
    case 'escalated':
      // A person who escalates says how bad it is; the clock only says that nobody has looked.
      return {
        escalatedAt: event.at,
        ...(event.by === undefined ? {} : { severity: worse(incident.severity, 'critical') }),
      };
    case 'snooze_ended':
      return { snoozed: null };
    case 'absorbed':
      return {};
    case 'acknowledged':
      return { acknowledged: handled(event, event.by) };
    case 'snoozed':
      return { snoozed: { ...handled(event, event.by), until: event.until } };
    case 'digested':
      return { digest: event.host, digestedAt: event.seq };
    case 'surveyed':
      return { survey: { chart: event.chart, blast_radius: event.blast_radius } };
    case 'silenced':
      return { silencedBy: event.silence_id };
    case 'command_refused':
      return {};
    case 'response_observed':
      return { response: { mode: 'observe', reason: event.reason } };
    case 'response_held':
      return { response: { mode: 'held', reason: event.reason } };
    case 'message_sending':
    case 'message_sent':
    case 'message_updated':
    case 'message_unknown':
    case 'message_returned':
    case 'message_failed':
      return { deliveries: changeDelivery(incident.deliveries, event) };
    case 'operation_not_effective':
      return {
        operations: changeOperations(incident.operations, event),
        ...anew,
        severity: worse(incident.severity, 'critical'),
        lastHeardAt: event.at,
      };
    default:
      return { operations: changeOperations(incident.operations, event) };
  }
}

/** Events that answer a command say which. */
function answer(incident: Incident, event: IncidentEvent): Pick<Incident, 'answers'> | null {
  if (!('command_id' in event) || event.command_id === undefined) return null;
  const told = event.kind === 'command_refused' ? event.reason : null;
  return { answers: new Map(incident.answers).set(event.command_id, told) };
}

function handled(event: { at: number; by_name?: string | undefined }, by: string): Handled {
  return { by, name: event.by_name || by, at: event.at };
}

function addFinding(incident: Incident, event: EventOf<'finding_added'>): Partial<Incident> {
  const detectedAt = Date.parse(event.finding.detected_at);
  const first = incident.findingCount === 0;
  return {
    rules: addSignal(incident.rules, event.finding, detectedAt),
    score: Math.max(incident.score, event.score),
    findingCount: incident.findingCount + 1,
    windowEnds:
      event.finding.score > 0
        ? withWindow(incident.windowEnds, Date.parse(event.finding.window_to))
        : incident.windowEnds,
    hasOtherKeys: incident.hasOtherKeys || event.finding.key_id !== incident.keyId,
    firstFindingAt: first ? detectedAt : Math.min(incident.firstFindingAt, detectedAt),
    lastFindingAt: first ? detectedAt : Math.max(incident.lastFindingAt, detectedAt),
    oddFrom: Math.min(incident.oddFrom, Date.parse(event.finding.window_from)),
    lastHeardAt: event.at,
  };
}

function withWindow(ends: readonly number[], end: number): readonly number[] {
  return ends.length >= windowEndsMax || ends.includes(end) ? ends : [...ends, end];
}
