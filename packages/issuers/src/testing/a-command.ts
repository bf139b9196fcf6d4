import type { KeyCommand } from '../key-issuer.ts';

/** A policy disables a key because of an incident; a test names only what it is about. */
export function aCommand(changes: Partial<KeyCommand> & { keyId: string }): KeyCommand {
  return {
    operationId: crypto.randomUUID(),
    action: 'disable',
    reason: 'far busier than its own past, from a new network',
    actor: { type: 'policy', id: 'stop-stolen-keys', approvedBy: [] },
    incidentId: 'inc_1',
    ...changes,
  };
}
