import { judgeCommand } from '../generic/judge-command.ts';
import { refusals, toWireCommand } from '../generic/to-wire.ts';
import type { WireCommand } from '../generic/wire.ts';
import type {
  ActResult,
  IssuerCapabilities,
  KeyAction,
  KeyCommand,
  KeyIssuer,
  KeyReading,
  RefusalCode,
} from '../key-issuer.ts';

type StoredState = 'active' | 'disabled' | 'revoked';

interface StoredKey {
  status: StoredState;
  version: number;
  protected: boolean;
  /** Reads that still show the state of before. */
  staleReads: number;
  before: StoredState;
}

/** What goes wrong; every number counts down with each call that it spoils. */
export interface IssuerFaults {
  /** Actions whose effect happens while the reply is lost. */
  lostReplies: number;
  /** Actions that are not even seen by the issuer. */
  unreachable: number;
  /** Actions and reads that are told to come later. */
  rateLimited: number;
  /** Reads that fail. */
  readsFail: number;
  /** Answers `pending`, and this many reads show the old state before the change shows. */
  pendingReads: number;
  /** Says no to every action. */
  refuses: RefusalCode | null;
  /** Says "done" and leaves the key as it is. */
  staysActive: boolean;
}

/** The wait that the fake asks for when it is rate limited, and between reads of what is pending, ms. */
export const fakeAfterMs = 3_000;

/** A `KeyIssuer` in memory that fails when told to; passes the port's suite. */
export class InMemoryIssuer implements KeyIssuer {
  readonly name: string;
  readonly faults: IssuerFaults = {
    lostReplies: 0,
    unreachable: 0,
    rateLimited: 0,
    readsFail: 0,
    pendingReads: 0,
    refuses: null,
    staysActive: false,
  };
  /** Commands that changed a key, in their order: the effects, not the attempts. */
  readonly effects: KeyCommand[] = [];
  /** Every command that arrived. */
  readonly attempts: KeyCommand[] = [];
  readonly #capabilities: IssuerCapabilities;
  readonly #keys = new Map<string, StoredKey>();
  readonly #operations = new Map<string, { asked: string; result: ActResult }>();
  #gate: Promise<void> = Promise.resolve();

  constructor(options: { name?: string; actions?: readonly KeyAction[]; propagationMs?: number } = {}) {
    this.name = options.name ?? 'memory';
    this.#capabilities = {
      actions: new Set(options.actions ?? ['disable', 'enable', 'revoke']),
      reach: 'key',
      propagationMs: options.propagationMs ?? 0,
      undo: { disable: { withinMs: null } },
      idempotency: 'by_operation',
    };
  }

  addKey(keyId: string, changes: { status?: StoredState; protected?: boolean } = {}): void {
    const status = changes.status ?? 'active';
    this.#keys.set(keyId, {
      status,
      version: 1,
      protected: changes.protected ?? false,
      staleReads: 0,
      before: status,
    });
  }

  /** Makes every call hang after its effect until the returned function is called (or its signal aborts). */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  async capabilities(signal?: AbortSignal): Promise<IssuerCapabilities> {
    await this.#pass(signal);
    return this.#capabilities;
  }

  async read(keyId: string, signal?: AbortSignal): Promise<KeyReading> {
    await this.#pass(signal);
    if (spend(this.faults, 'rateLimited')) return unknown('rate_limited');
    if (spend(this.faults, 'readsFail')) return unknown('unavailable');
    const key = this.#keys.get(keyId);
    if (!key) return { state: 'missing' };
    const state = key.staleReads > 0 ? key.before : key.status;
    if (key.staleReads > 0) key.staleReads--;
    return { state, version: String(key.version), protected: key.protected };
  }

  async act(command: KeyCommand, signal?: AbortSignal): Promise<ActResult> {
    signal?.throwIfAborted();
    const wire = toWireCommand(command);
    if (!wire) return { kind: 'refused', code: 'invalid' };
    if (spend(this.faults, 'unreachable')) return later('unreachable', false);
    this.attempts.push(command);
    if (spend(this.faults, 'rateLimited')) return later('rate_limited', false);
    if (this.faults.refuses) return { kind: 'refused', code: this.faults.refuses };
    const result = this.#once(command, wire);
    await this.#pass(signal);
    return spend(this.faults, 'lostReplies') ? later('timeout', true) : result;
  }

  /** An operation that was seen before gets the answer of then, whatever happened to the key since. */
  #once(command: KeyCommand, wire: WireCommand): ActResult {
    const asked = JSON.stringify([command.keyId, wire]);
    const known = this.#operations.get(command.operationId);
    if (known) return known.asked === asked ? known.result : { kind: 'refused', code: 'operation_conflict' };
    const result = this.#change(command, wire);
    if (result.kind !== 'refused') this.#operations.set(command.operationId, { asked, result });
    return result;
  }

  #change(command: KeyCommand, wire: WireCommand): ActResult {
    const key = this.#keys.get(command.keyId);
    const judged = judgeCommand(
      key && { ...key, version: String(key.version) },
      wire,
      this.#capabilities.actions,
    );
    if (judged.kind === 'refused') {
      const code = judged.code;
      if (code === 'rate_limited' || code === 'unavailable') return later(code, false);
      return { kind: 'refused', code: refusals[code] };
    }
    if (judged.kind === 'noop' || !key) return { kind: 'noop', state: key?.status ?? 'unknown' };
    if (this.faults.staysActive) return { kind: 'done', state: judged.to };
    this.effects.push(command);
    key.before = key.status;
    key.status = judged.to;
    key.version++;
    key.staleReads = this.faults.pendingReads;
    if (key.staleReads > 0) return { kind: 'pending', pollAfterMs: fakeAfterMs };
    return { kind: 'done', state: judged.to };
  }

  async #pass(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    try {
      await Promise.race([this.#gate, aborted]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

type CountedFault = {
  [F in keyof IssuerFaults]: IssuerFaults[F] extends number ? F : never;
}[keyof IssuerFaults];

function spend(faults: IssuerFaults, fault: CountedFault): boolean {
  if (faults[fault] <= 0) return false;
  faults[fault]--;
  return true;
}

function unknown(why: 'rate_limited' | 'unavailable'): KeyReading {
  return { state: 'unknown', why, afterMs: fakeAfterMs };
}

function later(
  why: 'rate_limited' | 'unavailable' | 'unreachable' | 'timeout',
  ambiguous: boolean,
): ActResult {
  return { kind: 'retry', why, ambiguous, afterMs: fakeAfterMs };
}
