import { timeText } from '../alert/wording.ts';
import { currentOperation, type Incident, lastingOperation } from '../incident/incident.ts';
import type { IncidentEventBody } from '../incident/incident-event.ts';
import {
  agreementMs,
  mayStop,
  mayUndo,
  type Operation,
  operationIdOf,
  standingAgreement,
} from '../incident/operation.ts';
import type { IncidentCommand } from './incident-command.ts';

/** What has to be known besides the incident. */
export interface CommandFacts {
  readonly nowMs: number;
  /** The configured issuer of the incident's key; null when there is none. */
  readonly issuer: string | null;
  /** Whether stopping the key takes two people. */
  readonly isProtected: boolean;
  /** Id of another open incident about the same, as far as it is known. */
  readonly openBeside?: string | null;
}

/**
 * What follows from a person's command, given the incident as it stands: the events of doing it, or one
 * `command_refused` with what the person is told. A command that was answered before changes nothing.
 */
export function decideCommand(
  incident: Incident,
  command: IncidentCommand,
  facts: CommandFacts,
): readonly IncidentEventBody[] {
  if (incident.answers.has(command.command_id)) return [];
  const person = { by: command.by, by_name: command.by_name, command_id: command.command_id };
  const decided =
    facts.nowMs > command.at + agreementMs
      ? 'It came too late to be carried out. Ask again if it still matters.'
      : decide(incident, command, facts, person);
  if (typeof decided !== 'string') return decided;
  return [{ kind: 'command_refused', ...person, command: command.kind, reason: decided }];
}

type Person = { by: string; by_name: string; command_id: string };
/** Events, or why not. */
type Decided = readonly IncidentEventBody[] | string;

function decide(incident: Incident, command: IncidentCommand, facts: CommandFacts, person: Person): Decided {
  const operation = currentOperation(incident);
  switch (command.kind) {
    case 'acknowledge':
      if (incident.state !== 'open') return isOver(incident);
      if (incident.acknowledged) return `${incident.acknowledged.name} acknowledged it already.`;
      return [{ kind: 'acknowledged', ...person }];
    case 'snooze':
      if (incident.state !== 'open') return isOver(incident);
      return [{ kind: 'snoozed', ...person, until: facts.nowMs + command.for_ms }];
    case 'resolve': {
      if (incident.state !== 'open') return isOver(incident);
      const { reason, note } = command;
      const last_finding_at = incident.lastFindingAt;
      return [
        ...cancelled(operation, person),
        { kind: 'resolved', ...person, reason, last_finding_at, ...(note ? { note } : {}) },
      ];
    }
    case 'reopen':
      if (incident.state === 'open') return 'It is open.';
      if (facts.openBeside) return `${facts.openBeside} about the same is open: go on there.`;
      return [{ kind: 'reopened', ...person, reason: command.reason }];
    case 'escalate':
      if (incident.state !== 'open') return isOver(incident);
      if (incident.severity === 'critical' && incident.escalatedAt !== null)
        return 'It was escalated already.';
      return [{ kind: 'escalated', ...person, reason: command.reason }];
    case 'merge': {
      if (incident.state !== 'open') return isOver(incident);
      const { into } = command;
      if (into === incident.id) return 'An incident cannot be merged into itself.';
      const last_finding_at = incident.lastFindingAt;
      return [
        ...cancelled(operation, person),
        { kind: 'resolved', ...person, reason: 'merged', last_finding_at, into },
      ];
    }
    case 'join':
      // A finding, which is nothing to decide about.
      return [];
    case 'absorb':
      return [{ kind: 'absorbed', ...person, from: command.from, from_title: command.from_title }];
    case 'stop':
      return stop(incident, command, facts, person);
    case 'approve':
      return approve(operation, command, facts, person);
    case 'cancel':
      if (operation?.id !== command.operation_id) return 'It is about something that is over.';
      if (operation.state === 'cancelled') return 'It is cancelled already.';
      return isWaiting(operation) ? cancelled(operation, person) : 'It is too late to cancel: it has begun.';
    case 'undo':
      return undo(incident, command, facts.nowMs, person);
  }
}

function stop(
  incident: Incident,
  command: Extract<IncidentCommand, { kind: 'stop' }>,
  facts: CommandFacts,
  person: Person,
): Decided {
  const operation = lastingOperation(incident);
  if (incident.state !== 'open') return isOver(incident);
  if (incident.keyId === null) return 'It is not about a single key.';
  if (facts.issuer === null) return 'No configured issuer knows the key.';
  if (operation?.state === 'proposed')
    return approve(operation, { operation_id: operation.id }, facts, person);
  if (!mayStop(operation)) {
    const [by = 'the policy'] = operation?.agreedBy ?? [];
    return `The key is being stopped already, by ${by}.`;
  }
  const operation_id = operationIdOf(incident.id, 'disable', incident.keyId, incident.operations.length);
  const proposed = {
    kind: 'operation_proposed',
    operation_id,
    action: 'disable',
    key_id: incident.keyId,
    issuer: facts.issuer,
    mode: facts.isProtected ? 'propose' : 'act',
    reason: command.reason,
    ...person,
  } as const;
  return facts.isProtected ? [proposed] : [proposed, { kind: 'operation_approved', operation_id, ...person }];
}

function approve(
  operation: Operation | null,
  { operation_id }: { readonly operation_id: string },
  facts: CommandFacts,
  person: Person,
): Decided {
  if (operation?.id !== operation_id) return 'It is about something that is over.';
  if (operation.state !== 'proposed') return `It is ${operation.state.replaceAll('_', ' ')} already.`;
  if (!facts.isProtected) return [{ kind: 'operation_approved', operation_id, ...person }];
  // After the first of the two approvals has lapsed, a new one is the first.
  const standing = standingAgreement(operation, facts.nowMs);
  if (standing.includes(person.by)) return 'The key is protected: somebody else has to approve too.';
  if (standing.length === 0) return [{ kind: 'operation_agreed', operation_id, ...person }];
  return [{ kind: 'operation_approved', operation_id, ...person }];
}

function undo(
  incident: Incident,
  command: Extract<IncidentCommand, { kind: 'undo' }>,
  nowMs: number,
  person: Person,
): Decided {
  const operation = lastingOperation(incident);
  if (operation?.id !== command.operation_id) return 'It is about something that is over.';
  if (operation.undoUntil === 0) return 'The issuer does not take it back.';
  if (!mayUndo(operation)) return 'There is no stop to take back.';
  if (operation.undoUntil !== null && nowMs > operation.undoUntil)
    return `The issuer took it back until ${timeText(operation.undoUntil)} only.`;
  const operation_id = operationIdOf(incident.id, 'enable', operation.keyId, incident.operations.length);
  return [
    {
      kind: 'operation_proposed',
      operation_id,
      action: 'enable',
      key_id: operation.keyId,
      issuer: operation.issuer,
      mode: 'act',
      reason: command.reason,
      ...person,
    },
    { kind: 'operation_approved', operation_id, ...person },
  ];
}

function isWaiting(operation: Operation | null): operation is Operation {
  return operation?.state === 'proposed' || operation?.state === 'approved';
}

function cancelled(operation: Operation | null, person: Person): IncidentEventBody[] {
  return isWaiting(operation) ? [{ kind: 'operation_cancelled', operation_id: operation.id, ...person }] : [];
}

function isOver({ resolution }: Incident): string {
  if (resolution?.into) return `It is a part of ${resolution.into}.`;
  return resolution?.by ? `${resolution.by.name} resolved it already.` : 'It is resolved already.';
}
