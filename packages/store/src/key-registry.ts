import { KeyRecord } from '@tripkey/contract';
import { keysSince } from './questions/keys-since.ts';
import type { Store } from './store.ts';

/** What issuers said about keys, held in memory and refreshed from the store. */
export class KeyRegistry {
  readonly #keys = new Map<string, KeyRecord>();
  /** Key ids by the fingerprints of their secrets, and the other way round. */
  readonly #bySecret = new Map<string, string>();
  readonly #secretsOf = new Map<string, readonly string[]>();
  /** Newest record read, by the store's clock, epoch ms. */
  #storedUntil = 0;

  /**
   * How far back a refresh reads again: an insert is dated when it begins and seen when it ends, and replicas have
   * clocks of their own. As long as an insert may take.
   */
  static readonly #overlapMs = 60_000;

  get(keyId: string): KeyRecord | undefined {
    return this.#keys.get(keyId);
  }

  /** Every key, in the order in which they became known. */
  values(): IterableIterator<KeyRecord> {
    return this.#keys.values();
  }

  /** The key whose secret has this fingerprint (`secretFingerprint`); undefined when no issuer told of such a key. */
  bySecret(fingerprint: string): KeyRecord | undefined {
    return this.#keys.get(this.#bySecret.get(fingerprint) ?? '');
  }

  /** Whether every known key could be found by its secret: then a secret that is not found belongs to none of them. */
  get everySecretKnown(): boolean {
    return this.#keys.size > 0 && this.#secretsOf.size === this.#keys.size;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Takes in the records that were stored since the last refresh, also those that an issuer dated earlier. */
  async refresh(store: Store): Promise<void> {
    const since = Math.max(0, this.#storedUntil - KeyRegistry.#overlapMs);
    for (const { stored_at, secret_fingerprints, ...row } of await store.ask(keysSince, { since })) {
      this.#keys.set(row.key_id, KeyRecord.parse(row));
      this.#noteSecrets(row.key_id, secret_fingerprints);
      this.#storedUntil = Math.max(this.#storedUntil, stored_at);
    }
  }

  #noteSecrets(keyId: string, fingerprints: readonly string[]): void {
    for (const old of this.#secretsOf.get(keyId) ?? []) {
      if (this.#bySecret.get(old) === keyId) this.#bySecret.delete(old);
    }
    this.#secretsOf.delete(keyId);
    if (fingerprints.length === 0) return;
    this.#secretsOf.set(keyId, fingerprints);
    for (const fingerprint of fingerprints) this.#bySecret.set(fingerprint, keyId);
  }
}
