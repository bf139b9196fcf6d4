import { kafkajsModule } from './internals.ts';

/** What one group join gave a member. Its commits carry the generation and member id of that join, for ever. */
export interface JoinedGroup {
  readonly generationId: number;
  readonly memberId: string;
  readonly partitions: readonly number[];
  /** Commits in this generation; the broker refuses once the generation is over. */
  commit(partition: number, offset: bigint, metadata: string): Promise<void>;
  pause(partition: number): void;
  resume(partition: number): void;
  /** Tells the broker that the member is alive; needed while no records are fetched. */
  heartbeat(): Promise<void>;
}

/** Called around every group join of one consumer. */
export interface JoinHook {
  /** A join begins when this resolves; partitions held until now may then belong to somebody else. */
  joining(): Promise<void>;
  /** The join is done and nothing was fetched yet; fetching begins when this resolves. */
  joined(group: JoinedGroup): Promise<void>;
  /** The broker has no record at the position of a partition; reading goes on from its earliest one. */
  positionLost(partition: number): void;
}

/** Marks a partition assigner with the hook of the consumer that it belongs to. */
export const joinHook = Symbol('tripkey.joinHook');

export interface OffsetManager {
  readonly generationId: number;
  readonly memberId: string;
  commitOffsets(offsets: {
    topics: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[];
  }): Promise<void>;
}

interface ConsumerGroup {
  topicsSubscribed: string[];
  offsetManager: OffsetManager;
  assigners: { [joinHook]?: JoinHook }[];
  assigned(): { topic: string; partitions: number[] }[];
  pause(topicPartitions: { topic: string; partitions: number[] }[]): void;
  resume(topicPartitions: { topic: string; partitions: number[] }[]): void;
  heartbeat(options: { interval: number }): Promise<void>;
  joinAndSync(): Promise<void>;
}

/**
 * The trap: commits through kafkajs's interface carry whatever generation the member has *now*, so that a late commit
 * after a rebalance passes for a new one, and the broker checks no more than the generation. But every join makes a
 * new offset manager, which keeps its own generation: commits through that one are fenced by the broker.
 *
 * The same place tells when a join begins, also the one that kafkajs starts by itself in the middle of a fetch when
 * the cluster's metadata were stale; no event of its interface does.
 */
export function patchGroupJoin(): void {
  const { prototype } = kafkajsModule<{ prototype: ConsumerGroup }>('consumer/consumerGroup');
  const { joinAndSync } = prototype;
  prototype.joinAndSync = async function (this: ConsumerGroup) {
    const hook = this.assigners.map((assigner) => assigner[joinHook]).find((found) => found !== undefined);
    await hook?.joining();
    await joinAndSync.call(this);
    await hook?.joined(joinedGroup(this));
  };
}

function joinedGroup(consumer: ConsumerGroup): JoinedGroup {
  const topic = consumer.topicsSubscribed[0]!;
  // Taken now: the consumer has another one after the next join.
  const { offsetManager } = consumer;
  const only = (partition: number) => [{ topic, partitions: [partition] }];
  return {
    generationId: offsetManager.generationId,
    memberId: offsetManager.memberId,
    partitions: consumer.assigned().flatMap(({ partitions }) => partitions),
    commit: (partition, offset, metadata) =>
      offsetManager.commitOffsets({
        topics: [{ topic, partitions: [{ partition, offset: String(offset), metadata }] }],
      }),
    pause: (partition) => consumer.pause(only(partition)),
    resume: (partition) => consumer.resume(only(partition)),
    heartbeat: () => consumer.heartbeat({ interval: 0 }),
  };
}
