import { createHash } from 'node:crypto';
import { KeyRecord } from '@tripkey/contract';
import {
  judgeCommand,
  type ProblemCode,
  problemStatuses,
  type WireCapabilities,
  type WireCommand,
  type WireKey,
  type WireResult,
} from '@tripkey/issuers/generic';
import { type Clock, hashSecret } from '@tripkey/service-kit';
import { Problem } from '../http/problem.ts';
import type { IssuerState, StateKeeper, StoredKey } from './issuer-state.ts';
import { type NewKey, toWireNewKey, WireNewKey } from './new-key.ts';
import { newSecret } from './secret.ts';

/** No `rotate`: it would hand a secret to whoever asks for it, and only a key's owner may have that. */
const actions = ['disable', 'enable', 'revoke'] as const;

/** Operations whose answer is remembered; beyond it the oldest are forgotten and would be judged anew. */
const operationsMax = 10_000;

export interface CreatedKey {
  readonly record: KeyRecord;
  /** Shown here and never again. */
  readonly secret: string;
}

export interface SandboxIssuerParts {
  readonly keeper: StateKeeper;
  readonly clock: Clock;
  /** For how long gateways go on with what they know of a key, ms. */
  readonly propagationMs: number;
}

/** Makes keys and stops them. Every change is kept before it is answered, or not made at all. */
export class SandboxIssuer {
  readonly #parts: SandboxIssuerParts;
  #state: IssuerState;
  #bySecret: ReadonlyMap<string, StoredKey> = new Map();
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(parts: SandboxIssuerParts, state: IssuerState) {
    this.#parts = parts;
    this.#state = state;
    this.#index();
  }

  /** @throws when the state that was kept cannot be read */
  static async open(parts: SandboxIssuerParts): Promise<SandboxIssuer> {
    return new SandboxIssuer(parts, await parts.keeper.load());
  }

  get capabilities(): WireCapabilities {
    return {
      actions: [...actions],
      propagation_ms: this.#parts.propagationMs,
      reach: 'key',
      undo: [{ action: 'disable', within_ms: null }],
    };
  }

  /** @throws {Problem} 422 when the wish is not one, 409 when the id is taken */
  createKey(wish: NewKey): Promise<CreatedKey> {
    return this.createWireKey(toWireNewKey(wish));
  }

  /** The same for a wish of which nothing is known yet. */
  async createWireKey(wish: unknown): Promise<CreatedKey> {
    const parsed = WireNewKey.safeParse(wish);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(
        (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
      );
      throw new Problem(422, 'invalid_request', faults.join('; '));
    }
    return this.#exclusively(async () => {
      if (this.#state.keys.has(parsed.data.key_id))
        throw new Problem(409, 'key_exists', 'that key id is taken');
      const at = this.#now();
      const record = KeyRecord.parse({ ...parsed.data, created_at: at, status: 'active' });
      const secret = newSecret();
      const key = { record, secret_sha256: hashSecret(secret), version: 1, updated_at: at };
      await this.#keep({ ...this.#state, keys: new Map(this.#state.keys).set(record.key_id, key) });
      return { record: this.#asOfNow(key), secret };
    });
  }

  /** What the registry of Tripkey wants to know. */
  listKeys(): KeyRecord[] {
    return [...this.#state.keys.values()].map((key) => this.#asOfNow(key));
  }

  /** For the gateway. */
  findBySecretHash(sha256: string): StoredKey | undefined {
    return this.#bySecret.get(sha256);
  }

  /** @throws {Problem} 404 `key_not_found` */
  read(keyId: string): WireKey {
    const key = this.#state.keys.get(keyId);
    if (!key) throw problem('key_not_found', 'there is no such key');
    return {
      key_id: keyId,
      status: this.#wireStatus(key),
      version: String(key.version),
      protected: key.record.protected,
      updated_at: key.updated_at,
    };
  }

  /**
   * Does what is asked, once for each operation id; again the same, it answers what it answered then.
   * @throws {Problem} with a code of the contract; nothing was changed then
   */
  act(operationId: string, keyId: string, command: WireCommand): Promise<WireResult> {
    return this.#exclusively(async () => {
      const asked = createHash('sha256')
        .update(JSON.stringify([keyId, command]))
        .digest('hex');
      const known = this.#state.operations.get(operationId);
      if (known && known.asked !== asked) {
        throw problem('idempotency_conflict', 'that Idempotency-Key was used for something else');
      }
      if (known) return known.result;

      const key = this.#state.keys.get(keyId);
      const judged = judgeCommand(
        key && {
          status: this.#wireStatus(key),
          version: String(key.version),
          protected: key.record.protected,
        },
        command,
        new Set(actions),
      );
      if (judged.kind === 'refused') throw problem(judged.code, judged.detail);
      if (!key) throw problem('key_not_found', 'there is no such key');
      const after = judged.kind === 'noop' ? key : this.#changed(key, judged.to);
      const result: WireResult = {
        operation_id: operationId,
        key_id: keyId,
        action: command.action,
        result: judged.kind === 'noop' ? 'noop' : 'done',
        status: this.#wireStatus(after),
      };
      const operations = new Map(this.#state.operations).set(operationId, { asked, result });
      for (const oldest of operations.keys()) {
        if (operations.size <= operationsMax) break;
        operations.delete(oldest);
      }
      await this.#keep({ keys: new Map(this.#state.keys).set(keyId, after), operations });
      return result;
    });
  }

  #changed(key: StoredKey, status: 'active' | 'disabled' | 'revoked'): StoredKey {
    const at = this.#now();
    const record = { ...key.record, status, ...(status === 'revoked' && { revoked_at: at }) };
    return { ...key, record, version: key.version + 1, updated_at: at };
  }

  /** A key that has expired cannot come back here; the contract's word for that is revoked. */
  #wireStatus(key: StoredKey): 'active' | 'disabled' | 'revoked' | 'expiring' {
    const { status, expires_at } = this.#asOfNow(key);
    if (status === 'expired') return 'revoked';
    return status === 'active' && expires_at ? 'expiring' : status;
  }

  /** The hash goes along, so that Tripkey finds the key when its secret is reported as leaked. */
  #asOfNow({ record: stored, secret_sha256 }: StoredKey): KeyRecord {
    const record = { ...stored, secret_hashes: [secret_sha256] };
    const over = hasExpired(record, this.#parts.clock.now());
    return over && record.status !== 'revoked' ? { ...record, status: 'expired' } : record;
  }

  async #keep(state: IssuerState): Promise<void> {
    await this.#parts.keeper.save(state).catch((cause: unknown) => {
      throw Object.assign(problem('unavailable', 'the change could not be kept, so it was not made'), {
        cause,
      });
    });
    this.#state = state;
    this.#index();
  }

  #index(): void {
    this.#bySecret = new Map([...this.#state.keys.values()].map((key) => [key.secret_sha256, key]));
  }

  /** One change at a time: each sees what the one before has kept. */
  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.#lastChange.then(change);
    this.#lastChange = mine.catch(() => {}); // whoever asked for it hears of it
    return mine;
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }
}

/** @param nowMs epoch ms */
export function hasExpired({ expires_at }: KeyRecord, nowMs: number): boolean {
  return expires_at != null && Date.parse(expires_at) <= nowMs;
}

function problem(code: ProblemCode, detail: string): Problem {
  return new Problem(problemStatuses[code], code, detail);
}
