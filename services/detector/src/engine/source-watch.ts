import type { SourceFacts } from '@tripkey/rules';
import type { Activity } from './activity.ts';

const windowMs = 15 * 60_000;

/** Requests with no key that the gateway knows: they say something of their address only. */
export const unknownKeyId = 'unknown';

/** What one address did with one key that is not known to come from there. */
interface Use {
  at: number;
  accountId: string;
  requests: number;
  denied: number;
  /** Nobody made this id. Absent in what earlier releases saved. */
  madeUp?: boolean;
}

/**
 * Addresses that use keys to which they are news: one client that tries many keys. Only such uses of the last quarter
 * of an hour are kept, so memory is bounded by how much news there is, and by `addressesMax`.
 */
export class SourceWatch {
  #uses = new Map<string, Map<string, Use>>();

  static readonly addressesMax = 50_000;
  /** Keys of one address that are told apart. */
  static readonly keysPerAddressMax = 1_000;
  /** Addresses, and keys of an address, that were let go because there were too many. */
  addressesDropped = 0;
  keysDropped = 0;

  /** Notes that an address used a key to which its network is news, or an id that nobody made. */
  take(row: Activity, at: number, madeUp = false): void {
    if (row.ip === '') return;
    const keys = this.#uses.get(row.ip) ?? new Map<string, Use>();
    // Addresses stand in the order of their last use.
    if (!this.#uses.delete(row.ip) && this.#uses.size >= SourceWatch.addressesMax) this.#dropOldest();
    this.#uses.set(row.ip, keys);
    const use = keys.get(row.keyId) ?? { at, accountId: row.accountId, requests: 0, denied: 0 };
    use.at = at;
    use.madeUp = madeUp;
    use.requests += row.traffic.requests;
    use.denied += row.traffic.denied;
    if (!keys.has(row.keyId) && keys.size >= SourceWatch.keysPerAddressMax) {
      keys.delete(keys.keys().next().value!);
      this.keysDropped++;
    }
    keys.set(row.keyId, use);
  }

  /** Forgets the addresses that used nothing new of late. */
  forgetOld(at: number): void {
    for (const [ip, keys] of this.#uses) {
      let last = 0;
      for (const use of keys.values()) last = Math.max(last, use.at);
      if (last > at - windowMs) return;
      this.#uses.delete(ip);
    }
  }

  /** What is known of an address at `at`; null when it used nothing new of late. */
  facts(ip: string, at: number): SourceFacts | null {
    const keys = this.#uses.get(ip);
    if (!keys) return null;
    for (const [keyId, use] of keys) if (use.at <= at - windowMs) keys.delete(keyId);
    if (keys.size === 0) {
      this.#uses.delete(ip);
      return null;
    }
    const uses = [...keys.values()];
    return {
      at,
      windowFrom: at - windowMs,
      windowTo: at,
      ip,
      keysNew: keys.size,
      keysMadeUp: [...keys].filter(([keyId, { madeUp }]) => madeUp || keyId === unknownKeyId).length,
      accounts: new Set(uses.map((use) => use.accountId)).size,
      requests: uses.reduce((sum, use) => sum + use.requests, 0),
      denied: uses.reduce((sum, use) => sum + use.denied, 0),
      unknownRequests: keys.get(unknownKeyId)?.requests ?? 0,
      keyIds: [...keys.keys()].slice(0, 5),
    };
  }

  #dropOldest(): void {
    const oldest = this.#uses.keys().next().value;
    if (oldest !== undefined) this.#uses.delete(oldest);
    this.addressesDropped++;
  }

  toJSON(): SourceWatchJson {
    return [...this.#uses].map(([ip, keys]) => [ip, [...keys]]);
  }

  static fromJSON(json: SourceWatchJson): SourceWatch {
    const watch = new SourceWatch();
    watch.#uses = new Map(json.map(([ip, keys]) => [ip, new Map(keys)]));
    return watch;
  }
}

export type SourceWatchJson = [string, [string, Use][]][];
