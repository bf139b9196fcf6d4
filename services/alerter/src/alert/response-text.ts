import { isStopped, type KeyState } from '@tripkey/issuers';
import { currentOperation, type Incident, type StoryEvent } from '../incident/incident.ts';
import type { ResolutionReason } from '../incident/incident-event.ts';
import { type Operation, policyApprover } from '../incident/operation.ts';
import { capitalised, durationText, secondText, timeText } from './wording.ts';

/** What is being done about an incident, one or two sentences. */
export function responseText(incident: Incident): string {
  const operation = currentOperation(incident);
  if (operation) return operationText(operation, incident.story);
  if (incident.response?.mode === 'held') return `Automatic stop is held: ${incident.response.reason}.`;
  if (incident.response?.mode === 'observe') return 'Nothing is done: the policy observes.';
  return 'Nothing was done yet.';
}

/** A step of an incident's story, as a reply in the thread; `broadcast` shows it in the channel too. */
export interface StoryLine {
  readonly kind: StoryEvent['kind'] | 'key_works_again';
  readonly text: string;
  readonly broadcast: boolean;
}

export function toStoryLine(event: StoryEvent): StoryLine {
  const works = event.kind === 'operation_state_confirmed' && !isStopped(event.key_state as KeyState);
  return { kind: works ? 'key_works_again' : event.kind, ...wordsOf(event) };
}

/**
 * A step as it is told given how its incident stands: who snoozed it does not want the channel to hear of it; that a
 * stop does not work is another matter.
 */
export function storyLineOf(event: StoryEvent, { snoozed }: Pick<Incident, 'snoozed'>): StoryLine {
  const line = toStoryLine(event);
  const sleeps = snoozed !== null && event.at >= snoozed.at && event.at < snoozed.until;
  return sleeps && event.kind !== 'operation_not_effective' ? { ...line, broadcast: false } : line;
}

function wordsOf(event: StoryEvent): Omit<StoryLine, 'kind'> {
  switch (event.kind) {
    case 'severity_raised':
      return {
        text: `Severity raised from ${event.from} to ${event.to}: risk is now ${Math.round(event.score * 10) / 10}.`,
        broadcast: true,
      };
    case 'acknowledged':
      return quietly(`Acknowledged by ${nameOf(event)}.`);
    case 'snoozed':
      return quietly(`Snoozed by ${nameOf(event)} until ${timeText(event.until)}.`);
    case 'snooze_ended':
      return { text: 'The snooze is over and the incident is still open.', broadcast: true };
    case 'escalated':
      return {
        text: `Escalated${event.by === undefined ? '' : ` by ${nameOf(event)}`}: ${event.reason}`,
        broadcast: true,
      };
    case 'reopened':
      return { text: `Reopened by ${nameOf(event)}: ${event.reason}`, broadcast: true };
    case 'absorbed':
      return quietly(`${event.from_title} (${event.from}) is a part of this; merged by ${nameOf(event)}.`);
    case 'operation_proposed': {
      const what = `key ${event.key_id} at ${event.issuer}: ${event.reason}`;
      const asked = event.by === undefined ? '' : ` Asked for by ${nameOf(event)}.`;
      return event.mode === 'act'
        ? quietly(`${doing[event.action]} ${what}${asked}`)
        : {
            text: `Proposed, waiting for a person: ${event.action} ${what}${asked}`,
            broadcast: event.loud === true,
          };
    }
    case 'operation_agreed':
      return quietly(`${nameOf(event)} agrees. The key is protected: a second person has to.`);
    case 'operation_approved':
      return event.by === policyApprover
        ? quietly(
            `It will be done at ${secondText(event.not_before ?? event.at)}, unless somebody cancels it.`,
          )
        : quietly(`Approved by ${nameOf(event)}.`);
    case 'operation_state_confirmed':
      if (isStopped(event.key_state as KeyState) === false)
        return quietly(
          `Key works again since ${secondText(event.at)}: the issuer says that it is ${event.key_state}.`,
        );
      return {
        text: `Key stopped at ${secondText(event.at)}: the issuer confirms that it is ${event.key_state}. Watching the traffic for proof.`,
        broadcast: false,
      };
    case 'operation_traffic_confirmed':
      return {
        text: `Stop proven: no request of the key was accepted between ${secondText(event.judged_from)} and ${secondText(event.judged_until)}.`,
        broadcast: false,
      };
    case 'operation_not_effective':
      return { text: notEffectiveText(event), broadcast: true };
    case 'operation_refused':
      return {
        text: `The key was NOT ${event.action === 'enable' ? 'enabled again' : 'stopped'}. The issuer refused: ${event.reason}.${event.protected ? ' Ask again: it takes two people.' : ''}`,
        broadcast: true,
      };
    case 'operation_failed':
      return {
        text: `The key is NOT proven ${event.action === 'enable' ? 'to work again' : 'stopped'}: ${event.reason}.`,
        broadcast: true,
      };
    case 'operation_cancelled':
      return quietly(`Cancelled by ${nameOf(event)}.`);
    case 'operation_expired':
      return { text: `Not done: ${event.reason}.`, broadcast: true };
    case 'resolved':
      if (event.into) return quietly(`Merged into ${event.into} by ${nameOf(event)}.`);
      if (event.by === undefined)
        return quietly(`Resolved: nothing new since ${timeText(event.last_finding_at)}.`);
      return quietly(
        `Resolved by ${nameOf(event)}: ${reasonText(event.reason)}.${event.note ? ` ${event.note}` : ''}`,
      );
  }
}

const doing = { disable: 'Disabling', enable: 'Enabling again' } as const;

/** `false positive`. */
export function reasonText(reason: ResolutionReason): string {
  return reason.replaceAll('_', ' ');
}

function nameOf(event: { by?: string | undefined; by_name?: string | undefined }): string {
  return event.by_name || event.by || 'nobody';
}

function quietly(text: string): Omit<StoryLine, 'kind'> {
  return { text, broadcast: false };
}

function notEffectiveText(event: Extract<StoryEvent, { kind: 'operation_not_effective' }>): string {
  const said =
    event.key_state === 'active'
      ? 'the issuer says it is active again'
      : `though the issuer says it is ${event.key_state}`;
  return (
    `Revocation is NOT effective: ${event.accepted} requests of the key were accepted after the stop, ` +
    `the last at ${secondText(event.last_at)}, ${said}. Stop it at the gateway.`
  );
}

function operationText(operation: Operation, story: readonly StoryEvent[]): string {
  const stoppedAt = operation.stoppedAt === null ? '' : secondText(operation.stoppedAt);
  if (operation.action === 'enable') return enablingText(operation, stoppedAt);
  switch (operation.state) {
    case 'proposed':
      return operation.agreedBy.length === 0
        ? `Disabling is proposed: ${operation.reason}`
        : 'Disabling waits for a second person: the key is protected.';
    case 'approved':
      if (operation.notBefore > operation.since)
        return `The key will be disabled at ${secondText(operation.notBefore)}, unless somebody cancels it.`;
      return 'The key is being disabled.';
    case 'executing':
      return 'The key is being disabled.';
    case 'state_confirmed':
      return `Key disabled at ${stoppedAt}; proof by its traffic follows ${durationText(operation.propagationMs)} after.`;
    case 'traffic_confirmed':
      return `Key disabled at ${stoppedAt}, and proven: no request was accepted since.${undoText(operation)}`;
    case 'not_effective': {
      const seen = story.findLast((event) => event.kind === 'operation_not_effective');
      return seen ? notEffectiveText(seen) : 'Revocation is NOT effective.';
    }
    case 'refused':
    case 'failed':
      return `The key is NOT stopped: ${operation.reason}.`;
    case 'cancelled':
      return `${capitalised(operation.action)} was cancelled.`;
    case 'expired':
      return `The key is NOT stopped: ${operation.reason}.`;
  }
}

/** Only a deadline is worth a word. */
function undoText({ undoUntil }: Operation): string {
  if (undoUntil === 0) return ' The issuer cannot enable it again.';
  return undoUntil === null ? '' : ` It can be enabled again until ${timeText(undoUntil)}.`;
}

function enablingText(operation: Operation, doneAt: string): string {
  switch (operation.state) {
    case 'state_confirmed':
    case 'traffic_confirmed':
    case 'not_effective':
      return `The stop was taken back: the key works again since ${doneAt}.`;
    case 'refused':
    case 'failed':
    case 'expired':
      return `The key could NOT be enabled again: ${operation.reason}.`;
    case 'cancelled':
      return 'Enabling the key again was cancelled.';
    case 'proposed':
    case 'approved':
    case 'executing':
      return 'The key is being enabled again.';
  }
}
