import type { Operation } from '@tripkey/contract/api';

/**
 * How far a stop holds: `enabled` when the key was given back after it, `proven` by the traffic, else `watched`.
 * @param operations of the incident, newest first
 */
export function holdOfStop(
  operations: readonly Pick<Operation, 'action' | 'state' | 'stopped_at'>[],
): 'enabled' | 'proven' | 'watched' {
  for (const { action, state, stopped_at } of operations) {
    if (action === 'enable' && ['state_confirmed', 'traffic_confirmed'].includes(state)) return 'enabled';
    if (action === 'disable' && stopped_at !== null)
      return state === 'traffic_confirmed' ? 'proven' : 'watched';
  }
  return 'watched';
}
