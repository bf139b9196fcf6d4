import type { KeyCommand, RefusalCode } from '../key-issuer.ts';
import { OperationId, type ProblemCode, WireCommand } from './wire.ts';

/** A command in the words of the contract, or undefined when it cannot be said in them (too long, empty, no id). */
export function toWireCommand(command: KeyCommand): WireCommand | undefined {
  const { action, reason, actor, incidentId, graceMs, ifVersion } = command;
  if (!OperationId.safeParse(command.operationId).success) return undefined;
  return WireCommand.safeParse({
    action,
    reason,
    actor: { type: actor.type, id: actor.id, approved_by: actor.approvedBy },
    incident_id: incidentId,
    ...(graceMs !== undefined && { grace_ms: graceMs }),
    ...(ifVersion !== undefined && { if_version: ifVersion }),
  }).data;
}

/** Problems by which an issuer says no; the other two say "later". */
export const refusals: Readonly<Record<Exclude<ProblemCode, 'rate_limited' | 'unavailable'>, RefusalCode>> = {
  invalid_request: 'invalid',
  unauthorized: 'unauthorized',
  key_not_found: 'key_not_found',
  unsupported_action: 'unsupported',
  protected_key: 'protected',
  version_conflict: 'version_conflict',
  idempotency_conflict: 'operation_conflict',
};
