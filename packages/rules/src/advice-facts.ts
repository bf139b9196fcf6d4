import type { KeyRecord } from '@tripkey/contract';

/** A key as its owner's keeper sees it once a day. Times are epoch ms. */
export interface AdviceFacts {
  readonly at: number;
  /** When the key was looked at the last time, a day ago; what became true since is new. */
  readonly windowFrom: number;
  readonly windowTo: number;
  readonly keyId: string;
  readonly lineageId: string;
  readonly key: KeyRecord;
  /** Since when traffic is watched at all. */
  readonly watchedSince: number;
  /** Last request of the lineage that was let through; null when none was seen. */
  readonly lastAcceptedAt: number | null;
  /** Requests of the lineage that were seen. */
  readonly requests: number;
  /** The key's scopes, and when each was used last; null when not. */
  readonly scopes: readonly ScopeUse[];
}

export interface ScopeUse {
  readonly scope: string;
  readonly usedAt: number | null;
}
