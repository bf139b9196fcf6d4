import { createHash } from 'node:crypto';
import type { EventOf, IncidentEvent } from './incident-event.ts';

/** Who approves what the policy lets happen without a person. */
export const policyApprover = 'policy';

/** How long what a person agreed to holds: the first of two approvals, and a command that nobody looked at. */
export const agreementMs = 30 * 60_000;

export type OperationState =
  | 'proposed'
  | 'approved'
  | 'executing'
  | 'state_confirmed'
  | 'traffic_confirmed'
  | 'not_effective'
  | 'refused'
  | 'failed'
  | 'cancelled'
  | 'expired';

/** One thing done to one key, from the proposal to its proof. Times are epoch ms. */
export interface Operation {
  readonly id: string;
  readonly action: 'disable' | 'enable';
  readonly keyId: string;
  readonly issuer: string;
  readonly state: OperationState;
  /** When it came into this state. */
  readonly since: number;
  readonly reason: string;
  /** People who want it, in order, without those whose word had lapsed; a protected key needs two before it is approved. */
  readonly agreedBy: readonly string[];
  /** When the last of them said so. */
  readonly agreedAt: number;
  /** Whether the issuer said that it protects the key. */
  readonly isProtected: boolean;
  /** Who had the last word; `policy` for what needs nobody. */
  readonly approvedBy: string | null;
  /** Until then it can be cancelled. */
  readonly notBefore: number;
  readonly attempts: number;
  readonly startedAt: number | null;
  /** When the issuer's own word was read that the key is stopped. */
  readonly stoppedAt: number | null;
  readonly propagationMs: number;
  /** Until when the issuer takes it back: null for ever, 0 never. */
  readonly undoUntil: number | null;
}

type OperationEvent = Extract<IncidentEvent, { operation_id: string }>;

/** The operations of an incident after one more event. */
export function changeOperations(
  operations: readonly Operation[],
  event: OperationEvent,
): readonly Operation[] {
  if (event.kind === 'operation_proposed') {
    const { operation_id: id, action, key_id: keyId, issuer, reason } = event;
    const proposed: Operation = {
      ...{ id, action, keyId, issuer, reason, state: 'proposed', since: event.at },
      ...{
        agreedBy: event.by === undefined ? [] : [event.by],
        agreedAt: event.at,
        isProtected: event.protected === true,
        approvedBy: null,
        notBefore: 0,
        attempts: 0,
        startedAt: null,
        stoppedAt: null,
        propagationMs: 0,
        undoUntil: null,
      },
    };
    return [...operations, proposed];
  }
  return operations.map((had) => (had.id === event.operation_id ? operationAfter(had, event) : had));
}

function operationAfter(had: Operation, event: Exclude<OperationEvent, EventOf<'operation_proposed'>>) {
  const state = event.kind.slice('operation_'.length) as OperationState;
  const next: Operation = { ...had, state, since: event.at };
  switch (event.kind) {
    case 'operation_agreed':
      return { ...had, agreedBy: agreedWith(had, event), agreedAt: event.at };
    case 'operation_approved':
      return {
        ...next,
        approvedBy: event.by,
        agreedBy: event.by === policyApprover ? had.agreedBy : agreedWith(had, event),
        notBefore: event.not_before ?? event.at,
      };
    case 'operation_executing':
      return { ...next, attempts: event.attempt, startedAt: had.startedAt ?? event.at };
    case 'operation_state_confirmed':
      return {
        ...next,
        stoppedAt: event.at,
        propagationMs: event.propagation_ms,
        undoUntil: event.undo === 'impossible' ? 0 : (event.undo_until ?? null),
      };
    case 'operation_refused':
      return { ...next, reason: event.reason, isProtected: had.isProtected || event.protected === true };
    case 'operation_expired':
    case 'operation_failed':
      return { ...next, reason: event.reason };
    default:
      return next;
  }
}

/** Whose word holds at a time. @param atMs epoch ms */
export function standingAgreement({ agreedBy, agreedAt }: Operation, atMs: number): readonly string[] {
  return atMs > agreedAt + agreementMs ? [] : agreedBy;
}

function agreedWith(had: Operation, { by, at }: { readonly by: string; readonly at: number }) {
  return [...new Set([...standingAgreement(had, at), by])];
}

/**
 * The same incident, action, key and running number always give the same operation, whoever decides and however often.
 * @param before operations that the incident had already
 */
export function operationIdOf(
  incidentId: string,
  action: Operation['action'],
  keyId: string,
  before: number,
): string {
  const name = [incidentId, action, keyId, ...(before > 0 ? [before] : [])];
  return `op_${createHash('sha256').update(JSON.stringify(name)).digest('hex').slice(0, 29)}`;
}

/** Whether it is over and nothing is known to have been done. */
export function cameToNothing({ state }: Operation): boolean {
  return ['refused', 'failed', 'cancelled', 'expired'].includes(state);
}

/** Whether a key may be stopped (again) after its lasting operation. */
export function mayStop(operation: Operation | null): boolean {
  if (!operation) return true;
  if (operation.action === 'enable') return operation.state !== 'approved' && operation.state !== 'executing';
  return cameToNothing(operation) || operation.state === 'not_effective';
}

/** Whether there is a stop that its issuer takes back at all; until when is another question. */
export function mayUndo(operation: Operation | null): operation is Operation {
  return operation?.action === 'disable' && operation.stoppedAt !== null && operation.undoUntil !== 0;
}
