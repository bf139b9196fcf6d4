import type { KeyRecord } from '@tripkey/contract';
import type { Archetype } from '../archetypes/archetype.ts';
import type { AddressPool } from '../catalogue/address-pool.ts';
import type { Span } from '../timing/arrivals.ts';
import type { EndpointMix } from './endpoint-mix.ts';
import type { Tempo } from './tempo.ts';
import type { Timeline } from './timeline.ts';

/** When a key exists and is used by its owner; epoch ms. */
export interface KeyLife {
  createdAt: number;
  /** The owner's own use, first and last moment; -Infinity and Infinity where it has no end. */
  usedFrom: number;
  usedTo: number;
  rotatedAt: number | null;
  revokedAt: number | null;
  /** While two keys of a lineage are both in use, each carries half. */
  shared: { from: number; to: number } | null;
}

/** What became of a key; the attacks choose their victims by it. */
export type KeyFate = 'steady' | 'new' | 'dormant' | 'revoked' | 'predecessor' | 'successor';

/** A key with the habits of its owner. */
export interface SimulatedKey {
  readonly id: string;
  readonly index: number;
  readonly lineageId: string;
  readonly accountId: string;
  readonly appId: string;
  readonly name: string;
  readonly fate: KeyFate;
  readonly archetype: Archetype;
  readonly country: string;
  readonly tempo: Tempo;
  readonly life: KeyLife;
  /** Requests on an average day. */
  requestsPerDay: number;
  readonly mixes: Timeline<EndpointMix>;
  readonly agents: Timeline<string>;
  readonly homes: Timeline<AddressPool>;
  readonly scopes: Set<string>;
  readonly gateway: number;
  /** Requests a minute. */
  rateLimit: number;
  /** This client's objects are so many times larger than the usual ones. */
  readonly sizeFactor: number;
  readonly latencyFactor: number;
  /** Shares of its requests that are wrong in themselves (400) and that miss their object (404). */
  readonly badShare: number;
  readonly missShare: number;
  /** Whether the client asks again after a server error. */
  readonly retries: boolean;
  /** Where the customer's object ids begin, and how many of the newest ones this client works on. */
  readonly objectBase: number;
  readonly objectsTouched: number;
  /** While the owner's calls do not arrive although everything is up. */
  readonly silences: Span[];
}

/** Whether the owner uses the key at this moment. */
export function isInUse(key: SimulatedKey, at: number): boolean {
  return at >= key.life.usedFrom && at < key.life.usedTo;
}

/** What the issuer says about the key at the end of the simulation. */
export function keyRecord(key: SimulatedKey, end: number): KeyRecord {
  const { createdAt, rotatedAt, revokedAt } = key.life;
  const revoked = revokedAt !== null && revokedAt < end;
  return {
    key_id: key.id,
    lineage_id: key.lineageId,
    account_id: key.accountId,
    app_id: key.appId,
    name: key.name,
    owner: `integrations@${key.accountId.replace('acct_', '')}.example`,
    scopes: [...key.scopes].sort(),
    rate_limit: key.rateLimit,
    created_at: iso(createdAt),
    rotated_at: rotatedAt === null ? null : iso(rotatedAt),
    revoked_at: revoked ? iso(revokedAt) : null,
    status: revoked ? 'revoked' : 'active',
    protected: false,
    tags: {},
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
