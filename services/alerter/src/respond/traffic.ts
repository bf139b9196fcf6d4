import { acceptedSince, activeKeys, ingestFrontier, requestShare, type Store } from '@tripkey/store';

/** What the responder asks about traffic. Times are epoch ms. */
export interface Traffic {
  /** Everything that arrived before this time is stored; null when ingest never ran. */
  frontier(): Promise<number | null>;
  /** Requests of a key that a gateway let through after a time (event time). */
  acceptedSince(
    keyId: string,
    sinceMs: number,
  ): Promise<{ accepted: number; firstAt: number; lastAt: number }>;
  /** How many keys were used since a time. */
  activeKeys(sinceMs: number): Promise<number>;
  /** A key's share of all requests since a time, 0 to 1. */
  shareOf(keyId: string, sinceMs: number): Promise<number>;
}

export function clickHouseTraffic(store: Store): Traffic {
  return {
    async frontier() {
      const [answer] = await store.ask(ingestFrontier, {});
      return answer && answer.partitions > 0 ? answer.frontier : null;
    },
    async acceptedSince(keyId, sinceMs) {
      const [answer] = await store.ask(acceptedSince, { key_id: keyId, since: sinceMs });
      return {
        accepted: answer?.accepted ?? 0,
        firstAt: answer?.first_at ?? 0,
        lastAt: answer?.last_at ?? 0,
      };
    },
    async activeKeys(sinceMs) {
      const [answer] = await store.ask(activeKeys, { since: sinceMs });
      return answer?.keys ?? 0;
    },
    async shareOf(keyId, sinceMs) {
      const [answer] = await store.ask(requestShare, { key_id: keyId, since: sinceMs });
      return answer && answer.requests > 0 ? answer.of_key / answer.requests : 0;
    },
  };
}
