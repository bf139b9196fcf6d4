import type { Clock } from '@tripkey/service-kit';
import type { StoredKey } from '../issuer/issuer-state.ts';

const entriesMax = 10_000;

/**
 * What the gateway remembers of keys, as real ones do: until `ttlMs` after it asked, a stopped key goes on working.
 * Secrets that belong to no key are asked for each time, so that nobody can fill the memory by making some up, and a
 * new key works at once.
 */
export class KeyCache {
  readonly #find: (secretSha256: string) => StoredKey | undefined;
  readonly #ttlMs: number;
  readonly #clock: Clock;
  readonly #entries = new Map<string, { key: StoredKey; until: number }>();

  constructor(find: (secretSha256: string) => StoredKey | undefined, ttlMs: number, clock: Clock) {
    this.#find = find;
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  /** The key as it was at some moment of the last `ttlMs`. */
  get(secretSha256: string): StoredKey | undefined {
    const now = this.#clock.now();
    const entry = this.#entries.get(secretSha256);
    if (entry && entry.until > now) return entry.key;
    this.#entries.delete(secretSha256);
    const key = this.#find(secretSha256);
    if (!key) return undefined;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= entriesMax) this.#entries.delete(oldest);
    this.#entries.set(secretSha256, { key, until: now + this.#ttlMs });
    return key;
  }
}
