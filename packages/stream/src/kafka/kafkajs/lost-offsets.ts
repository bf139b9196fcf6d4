import { type JoinHook, joinHook } from './group-join.ts';
import { kafkajsModule } from './internals.ts';

interface OffsetManager {
  readonly cluster: {
    fetchTopicsOffset(
      topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
    ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
  };
  clearOffsets(position: { topic: string; partition: number }): void;
  committedOffsets(): Record<string, Record<number, string>>;
  setDefaultOffset(position: { topic: string; partition: number }): Promise<void>;
}

interface ConsumerGroup {
  readonly assigners: readonly { [joinHook]?: JoinHook }[];
  readonly preferredReadReplicasPerTopicPartition: Record<string, Record<number, unknown> | undefined>;
  recoverFromOffsetOutOfRange(error: { topic: string; partition: number }): Promise<void>;
}

/**
 * The trap: when the records at the position are gone (retention), kafkajs commits "earliest" by itself: an offset of
 * -2 without metadata, in place of what the group had stored there. Reading goes on from the earliest record here,
 * too, but nothing is committed, and the member is told: a hole in the offsets alone does not say that records are
 * lost, because transactions and compaction leave such holes as well.
 */
export function patchLostOffsets(): void {
  const { prototype } = kafkajsModule<{ prototype: OffsetManager }>('consumer/offsetManager');
  prototype.setDefaultOffset = async function (this: OffsetManager, { topic, partition }) {
    const [found] = await this.cluster.fetchTopicsOffset([
      { topic, partitions: [{ partition }], fromBeginning: true },
    ]);
    const earliest = found?.partitions.find((candidate) => candidate.partition === partition)?.offset;
    if (earliest === undefined) throw new Error(`Kafka names no first offset of ${topic}/${partition}`);
    this.clearOffsets({ topic, partition });
    // kafkajs fetches from here as long as nothing was handled; the broker's committed offset stays as it is.
    this.committedOffsets()[topic]![partition] = earliest;
  };

  const group = kafkajsModule<{ prototype: ConsumerGroup }>('consumer/consumerGroup').prototype;
  const { recoverFromOffsetOutOfRange } = group;
  group.recoverFromOffsetOutOfRange = async function (this: ConsumerGroup, error) {
    const { topic, partition } = error;
    // A follower that is behind: kafkajs asks the leader, and nothing is lost yet.
    const fromFollower = this.preferredReadReplicasPerTopicPartition[topic]?.[partition] !== undefined;
    await recoverFromOffsetOutOfRange.call(this, error);
    if (fromFollower) return;
    for (const assigner of this.assigners) assigner[joinHook]?.positionLost(partition);
  };
}
