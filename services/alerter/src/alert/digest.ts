import type { Severity } from '@tripkey/contract';
import type { Incident } from '../incident/incident.ts';
import { currentOperation } from '../incident/incident.ts';
import { type AlertContext, toAlertMessage } from './alert-message.ts';
import { messageIdOf } from './message-id.ts';
import { storyLineOf } from './response-text.ts';

/** Many incidents in one message, when they come faster than people can read. Plain strings; what comes from outside is data. */
export interface DigestMessage {
  /** The incident whose log holds what became of this message. */
  readonly hostId: string;
  readonly headline: string;
  readonly summary: string;
  /** Worst first. */
  readonly lines: readonly {
    readonly severity: Severity;
    readonly headline: string;
    readonly state: string;
    readonly url: string | null;
  }[];
  /** How many more there are. */
  readonly more: number;
}

const linesMax = 20;
const membersMax = 100;
const minuteMs = 60_000;
/** A digest takes incidents in for so long; later ones begin another. */
const openForMs = 10 * minuteMs;

/**
 * Whether an incident is told by a line of a digest only. One that is critical or acted on has a message of its own, and
 * so has one of which something is to be said aloud since: that it got worse, or that nobody looks after it.
 */
export function isOnlyDigested(incident: Incident): boolean {
  const { digest, digestedAt, deliveries, story } = incident;
  if (digest === null || deliveries.has(messageIdOf(incident.id))) return false;
  if (incident.severity === 'critical' || currentOperation(incident) !== null) return false;
  return !story.some((event) => event.seq > digestedAt && storyLineOf(event, incident).broadcast);
}

/**
 * The digest that a new incident goes into: the id of the incident that holds it. Null when it gets a message of its
 * own: when it is critical or acted on, or when there are not many.
 *
 * A digest is of one partition, so that whoever writes an incident in it writes all of them.
 * @param perMinuteMax messages about new incidents within a minute, before they go into a digest
 */
export function digestFor(
  incident: Incident,
  all: readonly Incident[],
  nowMs: number,
  perMinuteMax: number,
): string | null {
  if (incident.severity === 'critical' || currentOperation(incident) !== null) return null;
  const begun = all.filter(
    (one) => (one.deliveries.get(messageIdOf(one.id))?.firstAttemptAt ?? 0) > nowMs - minuteMs,
  );
  const host = all.findLast(
    (one) =>
      one.digest === one.id &&
      one.partition === incident.partition &&
      one.openedAt > nowMs - openForMs &&
      membersOf(one, all).length < membersMax,
  );
  if (begun.length < perMinuteMax && !isBurst(host, all, nowMs)) return null;
  return host?.id ?? incident.id;
}

/** A burst is over when nothing went into its digest for a minute. */
function isBurst(host: Incident | undefined, all: readonly Incident[], nowMs: number): boolean {
  return host !== undefined && membersOf(host, all).some(({ openedAt }) => openedAt > nowMs - minuteMs);
}

export function membersOf(host: Incident, all: readonly Incident[]): Incident[] {
  return all.filter(({ digest }) => digest === host.id);
}

export function toDigestMessage(
  host: Incident,
  members: readonly Incident[],
  context: (incident: Incident) => AlertContext,
): DigestMessage {
  const alerts = members
    .map((one) => toAlertMessage(one, context(one)))
    .sort((a, b) => rank(b.severity) - rank(a.severity) || (a.incidentId < b.incidentId ? -1 : 1));
  const what = alerts.length === 1 ? 'incident' : 'incidents';
  const open = alerts.filter(({ resolved }) => !resolved).length;
  return {
    hostId: host.id,
    headline: `${alerts.length} ${what} at once, ${open} of them open`,
    summary: `${alerts.length} more ${what} among many within a short time, told together; ${open} open. Critical ones have messages of their own.`,
    lines: alerts.slice(0, linesMax).map((alert) => ({
      severity: alert.severity,
      headline: alert.headline,
      state: alert.record.acknowledged_by ? `${alert.record.state}, looked at` : alert.record.state,
      url: alert.consoleUrl,
    })),
    more: Math.max(0, alerts.length - linesMax),
  };
}

function rank(severity: Severity): number {
  return ['info', 'low', 'medium', 'high', 'critical'].indexOf(severity);
}
