import { isReached, type KeyAction, type KeyState } from '../key-issuer.ts';
import type { ProblemCode, WireCommand } from './wire.ts';

/** What an issuer must know of a key to answer a command. */
export interface JudgedKey {
  readonly status: Exclude<KeyState, 'missing' | 'unknown'>;
  readonly version: string;
  readonly protected: boolean;
}

export type Judgement =
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail: string }
  | { readonly kind: 'noop' }
  | { readonly kind: 'change'; readonly to: 'active' | 'disabled' | 'revoked' };

/** People who must agree before a protected key is stopped. */
const approversMin = 2;

/**
 * What an issuer that keeps the contract answers to a command that it has not seen before: refused, so already, or
 * the state that the key takes. For those who serve the contract; the adapter does not judge.
 * @param actions what this issuer offers. `rotate` is refused: its outcome is a new key, which only the issuer can make.
 */
export function judgeCommand(
  key: JudgedKey | undefined,
  command: WireCommand,
  actions: ReadonlySet<KeyAction>,
): Judgement {
  const { action } = command;
  if (!key) return refused('key_not_found', 'there is no such key');
  if (!actions.has(action) || action === 'rotate') {
    return refused('unsupported_action', `this issuer cannot ${action} keys`);
  }
  if (command.if_version !== undefined && command.if_version !== key.version) {
    return refused('version_conflict', 'the key has changed since that version');
  }
  if (isReached(action, key.status)) return { kind: 'noop' };
  if (key.status === 'revoked') {
    return refused('unsupported_action', 'a revoked key cannot be used again');
  }
  if (action === 'enable') return { kind: 'change', to: 'active' };
  if (key.protected && new Set(command.actor.approved_by).size < approversMin) {
    return refused(
      'protected_key',
      `stopping this key needs ${approversMin} different people in approved_by`,
    );
  }
  return { kind: 'change', to: action === 'disable' ? 'disabled' : 'revoked' };
}

function refused(code: ProblemCode, detail: string): Judgement {
  return { kind: 'refused', code, detail };
}
