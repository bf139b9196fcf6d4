import { randomBytes } from 'node:crypto';
import type { Scope } from '@tripkey/contract/api';
import { type Clock, hashSecret, type Logger } from '@tripkey/service-kit';
import type * as z from 'zod';
import { lastVersion } from './last-version.ts';
import { apiTokens } from './questions/api-tokens.ts';
import type { Store } from './store.ts';

/** A token as it is stored. Times are epoch ms. */
export type StoredToken = z.infer<(typeof apiTokens)['row']>;

export interface NewTokenWish {
  readonly kind?: StoredToken['kind'];
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly by: string;
  /** Epoch ms; null: never. */
  readonly expiresAt: number | null;
}

/** What the secret of a token begins with, so that scanners of code know it. */
const secretPrefix = 'tripkey_';
/** How long what another process changed may stay unknown here. */
const staleMsMax = 5_000;
const useNotedEveryMs = 60_000;

/** The tokens, kept in ClickHouse and in memory. Only hashes of secrets are ever kept. */
export class TokenBook {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  #byHash = new Map<string, StoredToken>();
  #tokens: readonly StoredToken[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;
  readonly #noted = new Map<string, number>();
  readonly #usedUp = new Set<string>();

  constructor(parts: { store: Store; clock: Clock; log: Logger }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Every token, newest first, as ClickHouse has them now. */
  async all(): Promise<readonly StoredToken[]> {
    await this.#read();
    return this.#tokens;
  }

  /**
   * The token that a secret belongs to, if it works now; the use is noted, to the minute.
   * @throws when ClickHouse does not answer and what is known is too old.
   */
  async find(secret: string, kind: StoredToken['kind'] = 'token'): Promise<StoredToken | null> {
    const now = this.#clock.now();
    await this.#readIfStale(now);
    const hash = hashSecret(secret);
    const token = this.#byHash.get(hash);
    if (!token || token.kind !== kind) return null;
    if (stateOf(token, now) === 'revoked' || stateOf(token, now) === 'expired') return null;
    if (hash !== token.hash && token.old_until <= now) return null;
    this.#noteUse(token.token_id, now);
    return token;
  }

  /**
   * Whether a session that a token began still counts: the token works, and has had no new secret since.
   * @param begunAt when the session began, epoch ms
   */
  async isLive(tokenId: string, begunAt: number): Promise<boolean> {
    const now = this.#clock.now();
    await this.#readIfStale(now);
    const token = this.#tokens.find(({ token_id }) => token_id === tokenId);
    if (token === undefined || token.changed_at > begunAt) return false;
    return stateOf(token, now) === 'active' || stateOf(token, now) === 'rotating';
  }

  /** Makes a token. @returns it with its secret, which nobody can tell again. */
  async create(wish: NewTokenWish): Promise<{ token: StoredToken; secret: string }> {
    const secret = newSecret();
    const token: StoredToken = {
      token_id: `tok_${randomBytes(8).toString('hex')}`,
      kind: wish.kind ?? 'token',
      name: wish.name,
      scopes: [...new Set(wish.scopes)],
      hash: hashSecret(secret),
      old_hash: '',
      old_until: 0,
      created_at: this.#clock.now(),
      created_by: wish.by,
      expires_at: wish.expiresAt,
      revoked_at: null,
      changed_at: 0,
      used_at: null,
    };
    await this.#put(token);
    return { token, secret };
  }

  /**
   * Gives a token a new secret; the one before works on until `oldUntil` (epoch ms). Null when there is none to rotate, or
   * somebody revoked or rotated it meanwhile.
   */
  async rotate(tokenId: string, oldUntil: number): Promise<{ token: StoredToken; secret: string } | null> {
    const had = await this.#get(tokenId);
    if (!had || stateOf(had, this.#clock.now()) === 'revoked') return null;
    const secret = newSecret();
    const token = { ...had, hash: hashSecret(secret), old_hash: had.hash, old_until: oldUntil };
    await this.#put(token);
    const now = this.#tokens.find(({ token_id }) => token_id === tokenId);
    return now && now.revoked_at === null && now.hash === token.hash ? { token: now, secret } : null;
  }

  /** Ends a token, for ever. Null when there is none. */
  async revoke(tokenId: string): Promise<StoredToken | null> {
    const had = await this.#get(tokenId);
    if (!had) return null;
    if (had.revoked_at !== null) return had;
    const token = { ...had, revoked_at: this.#clock.now() };
    await this.#put(token);
    return token;
  }

  /** Ends what works once. @returns whether this call ended it. */
  async useUp(tokenId: string): Promise<boolean> {
    if (this.#usedUp.has(tokenId)) return false;
    this.#usedUp.add(tokenId);
    const had = await this.#get(tokenId);
    if (!had || had.revoked_at !== null) return false;
    await this.revoke(tokenId);
    return true;
  }

  async #get(tokenId: string): Promise<StoredToken | undefined> {
    return (await this.all()).find(({ token_id }) => token_id === tokenId);
  }

  async #put(token: StoredToken): Promise<void> {
    const { used_at: _, changed_at, ...kept } = token;
    const version = token.revoked_at === null ? Math.max(this.#clock.now(), changed_at + 1) : lastVersion;
    const row = { ...kept, version };
    await this.#store.insert(
      'api_tokens_v1',
      [row],
      `token:${token.token_id}:${token.hash}:${token.revoked_at}`,
    );
    await this.#read();
  }

  /** Of many that come at once, one reads and the others wait for it. */
  async #readIfStale(now: number): Promise<void> {
    const isStale = () => now - this.#readAt > staleMsMax;
    while (this.#reading && isStale()) await this.#reading;
    if (isStale()) await this.#read();
  }

  /** One reading at a time. One that began before a write may not know it, so whoever waited reads again. */
  async #read(): Promise<void> {
    while (this.#reading) await this.#reading;
    const reading = (async () => {
      const startedAt = this.#clock.now();
      const tokens = await this.#store.ask(apiTokens, {});
      const byHash = new Map<string, StoredToken>();
      for (const token of tokens) {
        if (token.old_hash !== '') byHash.set(token.old_hash, token);
        byHash.set(token.hash, token);
      }
      this.#tokens = tokens;
      this.#byHash = byHash;
      this.#readAt = startedAt;
    })();
    this.#reading = reading.catch(() => {});
    try {
      await reading;
    } finally {
      this.#reading = null;
    }
  }

  #noteUse(token_id: string, now: number): void {
    if (now - (this.#noted.get(token_id) ?? 0) < useNotedEveryMs) return;
    this.#noted.set(token_id, now);
    const used_at = Math.floor(now / useNotedEveryMs) * useNotedEveryMs;
    this.#store
      .insert('api_token_use_v1', [{ token_id, used_at }], `token-use:${token_id}:${used_at}`)
      .catch((err: unknown) => this.#log.warn({ err }, 'the use of a token could not be noted'));
  }
}

/** A new secret of 256 random bits. */
function newSecret(): string {
  return secretPrefix + randomBytes(32).toString('base64url');
}

/** When a secret of a token ends, epoch ms; null: never. The one before the last ends earlier. */
export function endOf(token: StoredToken, secret: string): number | null {
  if (hashSecret(secret) === token.hash) return token.expires_at;
  return Math.min(token.old_until, token.expires_at ?? Number.POSITIVE_INFINITY);
}

/** What a token is now. */
export function stateOf(token: StoredToken, now: number): 'active' | 'rotating' | 'expired' | 'revoked' {
  if (token.revoked_at !== null) return 'revoked';
  if (token.expires_at !== null && token.expires_at <= now) return 'expired';
  return token.old_until > now ? 'rotating' : 'active';
}
