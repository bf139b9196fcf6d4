/** What can be asked of an issuer. `disable` can be undone where the issuer says so, `revoke` is for ever. */
export const keyActions = ['disable', 'enable', 'revoke', 'rotate'] as const;
export type KeyAction = (typeof keyActions)[number];

/**
 * What an issuer says about a key. `expiring`: it still works and has an end; `missing`: the issuer does not know it;
 * `unknown`: nobody said anything that can be relied on. Only `disabled` and `revoked` mean that the key is stopped.
 */
export const keyStates = ['active', 'disabled', 'revoked', 'expiring', 'missing', 'unknown'] as const;
export type KeyState = (typeof keyStates)[number];

/**
 * Where API keys are made and can be stopped. An adapter speaks to one issuer and translates, once: retrying, polling,
 * deciding and proving belong to the caller.
 *
 * Keys are named by their public id. An issuer that wants the secret itself cannot be an adapter: Tripkey has none.
 * Every method ends when the signal aborts, by rejecting with the signal's reason.
 */
export interface KeyIssuer {
  /** The name by which configuration and key records call this issuer. */
  readonly name: string;

  /**
   * What the issuer can do. Ask again now and then: it may change with the issuer's version.
   * @throws {IssuerTroubleError} when it did not clearly say.
   */
  capabilities(signal?: AbortSignal): Promise<IssuerCapabilities>;

  /** What the issuer says about one key now. Trouble of any kind is the state `unknown`; it never throws for it. */
  read(keyId: string, signal?: AbortSignal): Promise<KeyReading>;

  /**
   * Asks the issuer to do one thing to one key, once. The same `operationId` may be sent again and has its effect once.
   * Trouble of any kind is a result; it never throws for it. After an abort the outcome is ambiguous.
   */
  act(command: KeyCommand, signal?: AbortSignal): Promise<ActResult>;
}

export interface IssuerCapabilities {
  readonly actions: ReadonlySet<KeyAction>;
  /** Whether an action stops the one key, or everything of its consumer. */
  readonly reach: 'key' | 'consumer';
  /** How long gateways may go on accepting a key that was stopped: caches, replication. Milliseconds. */
  readonly propagationMs: number;
  /** How `enable` takes back what was done; an action that is not listed cannot be taken back. */
  readonly undo: Readonly<Partial<Record<'disable' | 'revoke', { readonly withinMs: number | null }>>>;
  /** Whether the issuer itself knows an operation again, or the adapter compares states. */
  readonly idempotency: 'by_operation' | 'by_state';
}

export type KeyReading =
  | {
      readonly state: Exclude<KeyState, 'unknown'>;
      /** Changes with every change of the key; goes into `ifVersion`. */
      readonly version?: string;
      /** The issuer's own mark that this key must not be stopped by a machine. */
      readonly protected?: boolean;
    }
  | { readonly state: 'unknown'; readonly why: Trouble; readonly afterMs: number };

export interface KeyCommand {
  /** 16 to 255 visible ASCII characters, unique for each thing wanted, the same for each attempt at it. */
  readonly operationId: string;
  readonly keyId: string;
  readonly action: KeyAction;
  /** For the issuer's own log and the key's owner; at most 2,000 characters. */
  readonly reason: string;
  readonly actor: Actor;
  readonly incidentId: string;
  /** How long a rotated key's predecessor goes on working, ms. */
  readonly graceMs?: number;
  /** Refuse when the key is no longer what was read. */
  readonly ifVersion?: string;
}

/** Who wants it: a person, or a policy with the people who agreed to it. */
export interface Actor {
  readonly type: 'user' | 'policy';
  readonly id: string;
  readonly approvedBy: readonly string[];
}

export type ActResult =
  /** It is so now: by this call or an earlier one of the same operation (`done`), or it was so already (`noop`). */
  | {
      readonly kind: 'done' | 'noop';
      /** What the issuer says the key is now. A word, not a proof: read it back. */
      readonly state: KeyState;
      /** Public id of the key that takes over after `rotate`. Its secret never passes through here. */
      readonly replacementKeyId?: string;
      /** The issuer's own number of the call, for questions to its operators. */
      readonly requestId?: string;
    }
  /** Accepted, not yet so: `read` again after `pollAfterMs` until it is. */
  | { readonly kind: 'pending'; readonly pollAfterMs: number; readonly requestId?: string }
  /** The issuer said no and changed nothing; asking the same again is pointless. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly requestId?: string }
  /** Ask again after `afterMs`; when `ambiguous`, it may have happened all the same: `read` first. */
  | {
      readonly kind: 'retry';
      readonly afterMs: number;
      readonly ambiguous: boolean;
      readonly why: Trouble;
      readonly requestId?: string;
    };

export const refusalCodes = [
  'key_not_found',
  'unsupported',
  'protected',
  'version_conflict',
  'operation_conflict', // the operationId was used for something else
  'unauthorized',
  'invalid', // the command itself cannot be sent or was not understood
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Why an issuer gave no clear answer. */
export const troubles = [
  'unreachable', // no connection came about: the issuer has not seen the call
  'address_refused', // its address is none that may be called (`outbound.allowedNetworks`)
  'connection_lost',
  'timeout',
  'rate_limited',
  'unavailable',
  'unauthorized',
  'redirected',
  'malformed', // an answer that the contract does not know
  'too_large',
  'issuer_unsure', // the issuer itself says that it does not know
  'invalid', // a key id that cannot be asked for
] as const;
export type Trouble = (typeof troubles)[number];

/** The issuer gave no clear answer. Names the issuer and the kind of trouble; never a token, never the answer. */
export class IssuerTroubleError extends Error {
  override readonly name = 'IssuerTroubleError';
  readonly code = 'issuer.trouble';
  readonly why: Trouble;
  /** When it is worth asking again, ms from now. */
  readonly afterMs: number;

  constructor(issuer: string, why: Trouble, afterMs: number) {
    super(`issuer ${issuer} gave no clear answer: ${why}`);
    this.why = why;
    this.afterMs = afterMs;
  }
}

/** Whether a key in this state can no longer be used, once the issuer's propagation time is over. */
export function isStopped(state: KeyState): boolean {
  return state === 'disabled' || state === 'revoked';
}

/** Whether a key in this state is what an action aims at; of a rotated key nothing can be said before its grace ends. */
export function isReached(action: Exclude<KeyAction, 'rotate'>, state: KeyState): boolean {
  switch (action) {
    case 'enable':
      return state === 'active' || state === 'expiring';
    case 'disable':
      return isStopped(state);
    case 'revoke':
      return state === 'revoked';
  }
}
