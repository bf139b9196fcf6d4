import kafkajs from 'kafkajs';
import { type Committed, type Lease, LeaseLostError } from '../broker.ts';
import type { JoinedGroup } from './kafkajs/group-join.ts';

// CommonJS: its classes are not found as named imports.
const { KafkaJSProtocolError } = kafkajs;

/** Broker answers that mean: this generation is over. */
const leaseOver = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

/** The partitions that one group join gave a member. */
export class KafkaLease implements Lease {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly committed: ReadonlyMap<number, Committed>;
  held = true;
  confirmedAt = Date.now();
  /** The join that it stands for. */
  readonly #group: JoinedGroup;

  constructor(topic: string, committed: ReadonlyMap<number, Committed>, group: JoinedGroup) {
    this.topic = topic;
    this.partitions = group.partitions;
    this.committed = committed;
    this.#group = group;
  }

  async commit(partition: number, offset: bigint, metadata = ''): Promise<void> {
    if (!this.held) throw new LeaseLostError(`the lease of ${this.topic}/${partition} is over`);
    // The broker asks only whether the generation is its own, not whether the partition belongs to the member.
    if (!this.partitions.includes(partition))
      throw new Error(`${this.topic}/${partition} is not part of this lease`);
    try {
      await this.#group.commit(partition, offset, metadata);
    } catch (error) {
      if (!(error instanceof KafkaJSProtocolError) || !leaseOver.has(error.type)) throw error;
      this.held = false;
      const message = `the broker refused the commit of ${this.topic}/${partition}: ${error.type}`;
      throw new LeaseLostError(message, { cause: error });
    }
  }

  pause(partition: number): void {
    if (this.held) this.#group.pause(partition);
  }

  resume(partition: number): void {
    if (this.held) this.#group.resume(partition);
  }
}
