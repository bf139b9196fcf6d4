import { detectorClaims, detectorMembers, type Store } from '@tripkey/store';
import type { Shard } from './shard.ts';
import type { Claim } from './share-out.ts';

/** Whoever claims a shard takes the next of these steps, and a random place in it: two at once have different epochs. */
const epochStep = 1_024;

/** The shard has another owner; what is in memory of it is worth nothing any more. */
export class ShardLost extends Error {
  override readonly name = 'ShardLost';
}

/** A shard under a claim. */
export interface HeldShard {
  readonly shard: Shard;
  readonly epoch: number;
  /** @throws {ShardLost} when the claim does not count any more. */
  check(): Promise<void>;
}

/**
 * Who owns which shard, as rows that are only added. A lease is that a member was seen lately, by the clock of the store.
 * Nothing keeps two detectors from believing that they own a shard; which of them may write is decided by the epoch.
 */
export class Claims {
  readonly #store: Store;
  readonly #member: string;
  readonly #shards: number;
  readonly #leaseMs: number;
  readonly #random: () => number;

  constructor(store: Store, member: string, shards: number, leaseMs: number, random = Math.random) {
    this.#store = store;
    this.#member = member;
    this.#shards = shards;
    this.#leaseMs = leaseMs;
    this.#random = random;
  }

  /** Says that this detector is there, or is leaving. */
  async beat(leaving = false): Promise<void> {
    const row = { member: this.#member, shards: this.#shards, leaving: leaving ? 1 : 0 };
    await this.#store.insert('detector_members_v1', [row], `member:${crypto.randomUUID()}`);
  }

  async look(): Promise<{ claims: Claim[]; members: string[] }> {
    const seen = { shards: this.#shards, lease_ms: this.#leaseMs };
    const [claims, members] = await Promise.all([this.#claims(), this.#store.ask(detectorMembers, seen)]);
    return { claims, members: members.map(({ member }) => member) };
  }

  /** Claims a shard over whoever had it; null when somebody else did so at the same time and later. */
  async claim(shard: Shard): Promise<HeldShard | null> {
    const epoch = await this.#write(shard.id, this.#member);
    const isMine = async () => {
      const claim = (await this.#claims()).find((one) => one.shard === shard.id);
      return claim?.epoch === epoch && claim.member === this.#member;
    };
    if (!(await isMine())) return null;
    const check = async () => {
      if (!(await isMine())) throw new ShardLost(`shard ${shard.id} has another owner`);
    };
    return { shard, epoch, check };
  }

  /** Gives a shard back that was saved; nothing when it was lost before. */
  async giveBack(held: HeldShard): Promise<void> {
    const claim = (await this.#claims()).find(({ shard }) => shard === held.shard.id);
    if (claim?.epoch === held.epoch) await this.#write(held.shard.id, '');
  }

  async #write(shard: number, member: string): Promise<number> {
    const before = (await this.#claims()).find((one) => one.shard === shard)?.epoch ?? 0;
    const step = Math.floor(before / epochStep) + 1;
    const epoch = step * epochStep + Math.floor(this.#random() * epochStep);
    await this.#store.insert(
      'detector_claims_v1',
      [{ shard, epoch, member }],
      `claim:${shard}:${epoch}:${member}`,
    );
    return epoch;
  }

  async #claims(): Promise<Claim[]> {
    const rows = await this.#store.ask(detectorClaims, {});
    return rows.map(({ shard, newest, member }) => ({ shard, epoch: newest, member }));
  }
}
