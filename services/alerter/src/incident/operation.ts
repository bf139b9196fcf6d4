import type { EventOf, IncidentEvent } from './incident-event.ts';

export type OperationState =
  | 'proposed'
  | 'approved'
  | 'executing'
  | 'state_confirmed'
  | 'traffic_confirmed'
  | 'not_effective'
  | 'refused'
  | 'failed'
  | 'cancelled';

/** One thing done to one key, from the proposal to its proof. Times are epoch ms. */
export interface Operation {
  readonly id: string;
  readonly action: 'disable';
  readonly keyId: string;
  readonly issuer: string;
  readonly state: OperationState;
  /** When it came into this state. */
  readonly since: number;
  readonly reason: string;
  readonly approvedBy: string | null;
  readonly attempts: number;
  readonly startedAt: number | null;
  /** When the issuer's own word was read that the key is stopped. */
  readonly stoppedAt: number | null;
  readonly propagationMs: number;
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
      ...{ approvedBy: null, attempts: 0, startedAt: null, stoppedAt: null, propagationMs: 0 },
    };
    return [...operations, proposed];
  }
  return operations.map((had) => (had.id === event.operation_id ? operationAfter(had, event) : had));
}

function operationAfter(had: Operation, event: Exclude<OperationEvent, EventOf<'operation_proposed'>>) {
  const state = event.kind.slice('operation_'.length) as OperationState;
  const next: Operation = { ...had, state, since: event.at };
  switch (event.kind) {
    case 'operation_approved':
      return { ...next, approvedBy: event.by };
    case 'operation_executing':
      return { ...next, attempts: event.attempt, startedAt: had.startedAt ?? event.at };
    case 'operation_state_confirmed':
      return { ...next, stoppedAt: event.at, propagationMs: event.propagation_ms };
    case 'operation_refused':
    case 'operation_failed':
      return { ...next, reason: event.reason };
    default:
      return next;
  }
}
