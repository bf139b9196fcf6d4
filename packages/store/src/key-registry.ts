import { KeyRecord } from '@tripkey/contract';
import { keysSince } from './questions/keys-since.ts';
import type { Store } from './store.ts';

/** What issuers said about keys, held in memory and refreshed from the store. */
export class KeyRegistry {
  readonly #keys = new Map<string, KeyRecord>();
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

  get size(): number {
    return this.#keys.size;
  }

  /** Takes in the records that were stored since the last refresh, also those that an issuer dated earlier. */
  async refresh(store: Store): Promise<void> {
    const since = Math.max(0, this.#storedUntil - KeyRegistry.#overlapMs);
    for (const { stored_at, ...row } of await store.ask(keysSince, { since })) {
      this.#keys.set(row.key_id, KeyRecord.parse(row));
      this.#storedUntil = Math.max(this.#storedUntil, stored_at);
    }
  }
}
