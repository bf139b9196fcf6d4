import { randomBytes } from 'node:crypto';
import type { Role, Scope } from '@tripkey/contract/api';
import { type Clock, hashSecret } from '@tripkey/service-kit';
import { apiSession, type Store } from '@tripkey/store';
import type { Caller } from './caller.ts';

/** How long a session that was ended in another process may still work here. */
const staleMsMax = 5_000;
const knownMax = 10_000;

export interface NewSession {
  /** As it stands in the audit log. */
  readonly person: string;
  readonly name: string;
  /** Null for a token's session. */
  readonly role: Role | null;
  readonly scopes: readonly Scope[];
  /** Epoch ms. */
  readonly expiresAt: number;
}

interface Known {
  readonly readAt: number;
  readonly caller: Caller | null;
  /** When the session began, epoch ms. */
  readonly begunAt: number;
}

/** Sessions of people: kept in ClickHouse by the hash of what the cookie holds, so any process can serve them. */
export class SessionBook {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(parts: { store: Store; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Begins a session. @returns what the cookie has to hold. */
  async begin(wish: NewSession): Promise<{ cookie: string; caller: Caller }> {
    const cookie = randomBytes(32).toString('base64url');
    const session_hash = hashSecret(cookie);
    const now = this.#clock.now();
    const csrf = randomBytes(24).toString('base64url');
    const { person, name, role, scopes, expiresAt } = wish;
    const row = { session_hash, person, name, role: role ?? '', scopes, csrf, created_at: now };
    await this.#store.insert(
      'api_sessions_v1',
      [{ ...row, version: now, expires_at: expiresAt, ended_at: null }],
      `session:${session_hash}`,
    );
    const caller = callerOf({ ...row, role: role ?? '', scopes: [...scopes], expires_at: expiresAt });
    this.#keep(session_hash, { readAt: now, caller, begunAt: now });
    return { cookie, caller };
  }

  /** Who the holder of a cookie is, and since when (epoch ms); null when the session is not, or not any more. */
  async find(cookie: string): Promise<{ caller: Caller; begunAt: number } | null> {
    const hash = hashSecret(cookie);
    const now = this.#clock.now();
    let known = this.#known.get(hash);
    if (!known || now - known.readAt > staleMsMax) {
      const [row] = await this.#store.ask(apiSession, { session_hash: hash });
      const caller = row && row.ended_at === null ? callerOf(row) : null;
      known = { readAt: now, caller, begunAt: row?.created_at ?? now };
      this.#keep(hash, known);
    }
    const { caller, begunAt } = known;
    return caller && caller.expiresAt! > now ? { caller, begunAt } : null;
  }

  /** Whether {@link find} answers for a cookie with somebody, and without asking ClickHouse. */
  hasAtHand(cookie: string): boolean {
    const known = this.#known.get(hashSecret(cookie));
    return !!known?.caller && this.#clock.now() - known.readAt <= staleMsMax;
  }

  /** Ends the session of a cookie. */
  async end(cookie: string): Promise<void> {
    const hash = hashSecret(cookie);
    const [row] = await this.#store.ask(apiSession, { session_hash: hash });
    const now = this.#clock.now();
    if (row && row.ended_at === null) {
      await this.#store.insert(
        'api_sessions_v1',
        [{ ...row, version: Math.max(now, row.created_at + 1), ended_at: now }],
        `session-end:${hash}`,
      );
    }
    this.#keep(hash, { readAt: now, caller: null, begunAt: now });
  }

  #keep(hash: string, known: Known): void {
    this.#known.delete(hash);
    this.#known.set(hash, known);
    if (this.#known.size <= knownMax) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}

function callerOf(row: {
  person: string;
  name: string;
  role: Role | '';
  scopes: readonly Scope[];
  csrf: string;
  expires_at: number;
}): Caller {
  return {
    kind: row.role === '' ? 'token' : 'person',
    id: row.person,
    name: row.name,
    role: row.role === '' ? null : row.role,
    scopes: new Set(row.scopes),
    csrf: row.csrf,
    expiresAt: row.expires_at,
  };
}
