import { encodeText } from '@tripkey/store';
import type { KnownKeys as Registry } from '../to-row.ts';

/** Account and application of a key, as the registry has them, as columns take them. */
export class PlainKey {
  readonly #keyId: string;
  readonly #registry: Registry;
  #known: ReturnType<Registry['get']>;
  #account = noText;
  #app = noText;

  constructor(keyId: string, registry: Registry) {
    this.#keyId = keyId;
    this.#registry = registry;
  }

  get account(): Uint8Array {
    this.#refresh();
    return this.#account;
  }

  get app(): Uint8Array {
    this.#refresh();
    return this.#app;
  }

  /** Asked each time: what issuers say of a key changes. */
  #refresh(): void {
    const known = this.#registry.get(this.#keyId);
    if (known === this.#known) return;
    this.#known = known;
    this.#account = encodeText(known?.account_id ?? '');
    this.#app = encodeText(known?.app_id ?? '');
  }
}

const noText = encodeText('');
