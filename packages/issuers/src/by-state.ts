import { toWireCommand } from './generic/to-wire.ts';
import {
  type ActResult,
  type IssuerCapabilities,
  isReached,
  type KeyAction,
  type KeyCommand,
  type KeyIssuer,
  type KeyReading,
  type KeyState,
} from './key-issuer.ts';

/** People who must agree before a protected key is stopped, as in the generic contract. */
const approversMin = 2;

/** What an issuer made of an order to change a key. */
export type Written =
  /** It said that it did it. `state`: what the key is now, in its words. */
  | { readonly kind: 'written'; readonly state: KeyState; readonly requestId?: string }
  | Extract<ActResult, { kind: 'pending' | 'refused' | 'retry' }>;

export interface StateIssuer {
  readonly name: string;
  readonly capabilities: Omit<IssuerCapabilities, 'idempotency'>;
  read(keyId: string, signal?: AbortSignal): Promise<KeyReading>;
  /** Orders one change; is only called for what the capabilities offer and what is not so already. */
  write(keyId: string, action: KeyAction, signal?: AbortSignal): Promise<Written>;
}

/**
 * A `KeyIssuer` of an issuer that does not know an operation again. It is asked for the key first: what is so already is
 * a `noop`, so that the same operation again has no second effect as long as nobody undid it. Reason, actor and
 * operation id stay with us, since such issuers take none.
 */
export function byState(issuer: StateIssuer): KeyIssuer {
  const { name } = issuer;
  const capabilities: IssuerCapabilities = { ...issuer.capabilities, idempotency: 'by_state' };

  async function act(command: KeyCommand, signal?: AbortSignal): Promise<ActResult> {
    signal?.throwIfAborted();
    const { keyId, action } = command;
    if (!toWireCommand(command)) return { kind: 'refused', code: 'invalid' };
    if (action === 'rotate' || !capabilities.actions.has(action)) {
      return { kind: 'refused', code: 'unsupported' };
    }
    const reading = await issuer.read(keyId, signal);
    if (reading.state === 'unknown') {
      if (reading.why === 'unauthorized') return { kind: 'refused', code: 'unauthorized' };
      if (reading.why === 'invalid') return { kind: 'refused', code: 'invalid' };
      return { kind: 'retry', why: reading.why, afterMs: reading.afterMs, ambiguous: false };
    }
    if (reading.state === 'missing') return { kind: 'refused', code: 'key_not_found' };
    if (command.ifVersion !== undefined && command.ifVersion !== reading.version) {
      return { kind: 'refused', code: 'version_conflict' };
    }
    if (isReached(action, reading.state)) return { kind: 'noop', state: reading.state };
    if (action === 'enable' && reading.state === 'revoked') return { kind: 'refused', code: 'unsupported' };
    const approvers = new Set(command.actor.approvedBy).size;
    if (action !== 'enable' && reading.protected === true && approvers < approversMin) {
      return { kind: 'refused', code: 'protected' };
    }
    const written = await issuer.write(keyId, action, signal);
    if (written.kind !== 'written') return written;
    const { state, requestId } = written;
    return { kind: 'done', state, ...(requestId !== undefined && { requestId }) };
  }

  return {
    name,
    act,
    async capabilities(signal) {
      signal?.throwIfAborted();
      return capabilities;
    },
    async read(keyId, signal) {
      signal?.throwIfAborted();
      return issuer.read(keyId, signal);
    },
  };
}
