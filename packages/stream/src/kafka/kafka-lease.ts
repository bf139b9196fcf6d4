import kafkajs from 'kafkajs';
import { type Committed, type Lease, LeaseLostError } from '../broker.ts';
import type { JoinedGroup } from './kafkajs-internals.ts';

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
  readonly #group: JoinedGroup;
  readonly #flow: { pause(partition: number): void; resume(partition: number): void };

  constructor(
    topic: string,
    committed: ReadonlyMap<number, Committed>,
    group: JoinedGroup,
    flow: { pause(partition: number): void; resume(partition: number): void },
  ) {
    this.topic = topic;
    this.partitions = [...committed.keys()];
    this.committed = committed;
    this.#group = group;
    this.#flow = flow;
  }

  async commit(partition: number, offset: bigint, metadata = ''): Promise<void> {
    if (!this.held) throw new LeaseLostError(`the lease of ${this.topic}/${partition} is over`);
    try {
      await this.#group.commitOffsets({
        topics: [{ topic: this.topic, partitions: [{ partition, offset: String(offset), metadata }] }],
      });
    } catch (error) {
      if (error instanceof KafkaJSProtocolError && leaseOver.has(error.type)) {
        this.held = false;
        throw new LeaseLostError(
          `the broker refused the commit of ${this.topic}/${partition}: ${error.type}`,
          {
            cause: error,
          },
        );
      }
      throw error;
    }
  }

  pause(partition: number): void {
    if (this.held) this.#flow.pause(partition);
  }

  resume(partition: number): void {
    if (this.held) this.#flow.resume(partition);
  }
}
