import { currentOperation, type Incident, type StoryEvent } from '../incident/incident.ts';
import type { Operation } from '../incident/operation.ts';
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
  readonly text: string;
  readonly broadcast: boolean;
}

export function toStoryLine(event: StoryEvent): StoryLine {
  switch (event.kind) {
    case 'severity_raised':
      return {
        text: `Severity raised from ${event.from} to ${event.to}: risk is now ${Math.round(event.score * 10) / 10}.`,
        broadcast: true,
      };
    case 'operation_proposed': {
      const what = `key ${event.key_id} at ${event.issuer}: ${event.reason}`;
      return event.mode === 'act'
        ? { text: `Disabling ${what}`, broadcast: false }
        : { text: `Proposed, waiting for a person: disable ${what}`, broadcast: false };
    }
    case 'operation_state_confirmed':
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
      return { text: `The key was NOT stopped. The issuer refused: ${event.reason}.`, broadcast: true };
    case 'operation_failed':
      return { text: `The key is NOT proven stopped: ${event.reason}.`, broadcast: true };
    case 'operation_cancelled':
      return { text: `The stop was cancelled by ${event.by}.`, broadcast: false };
    case 'resolved':
      return { text: `Resolved: nothing new since ${timeText(event.last_finding_at)}.`, broadcast: false };
  }
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
  switch (operation.state) {
    case 'proposed':
      return `Disabling is proposed: ${operation.reason}`;
    case 'approved':
    case 'executing':
      return 'The key is being disabled.';
    case 'state_confirmed':
      return `Key disabled at ${stoppedAt}; proof by its traffic follows ${durationText(operation.propagationMs)} after.`;
    case 'traffic_confirmed':
      return `Key disabled at ${stoppedAt}, and proven: no request was accepted since.`;
    case 'not_effective': {
      const seen = story.findLast((event) => event.kind === 'operation_not_effective');
      return seen ? notEffectiveText(seen) : 'Revocation is NOT effective.';
    }
    case 'refused':
    case 'failed':
      return `The key is NOT stopped: ${operation.reason}.`;
    case 'cancelled':
      return `${capitalised(operation.action)} was cancelled.`;
  }
}
