import { KeyRecord } from '@tripkey/contract';
import { keysSince } from './questions/keys-since.ts';
import type { Store } from './store.ts';

/** What issuers said about keys, held in memory and refreshed from the store. */
export class KeyRegistry {
  readonly #keys = new Map<string, KeyRecord>();
  #version = 0;

  get(keyId: string): KeyRecord | undefined {
    return this.#keys.get(keyId);
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Takes in the records that changed since the last refresh. */
  async refresh(store: Store): Promise<void> {
    for (const { version, ...row } of await store.ask(keysSince, { version: this.#version })) {
      this.#keys.set(row.key_id, KeyRecord.parse(row));
      this.#version = Math.max(this.#version, version);
    }
  }
}
