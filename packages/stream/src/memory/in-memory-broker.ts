import type { Broker, Committed, OutRecord, Sink, Source, TopicSpec } from '../broker.ts';
import { InMemoryGroup } from './in-memory-group.ts';
import { InMemoryTopic } from './in-memory-topic.ts';

export interface InMemoryLimits {
  /** What a partition may hold; a send above it is refused unless enough of it is done. Default 64 MiB. */
  readonly partitionBytesMax?: number;
  /** Partitions of a topic that nobody has made before it is used. Default 3. */
  readonly partitionsDefault?: number;
}

/**
 * A broker in this process's memory, with Kafka's semantics: partitions, groups whose members share them, committed
 * offsets with metadata, and leases that end with every join. Nothing outlives the process: the embedded mode, which
 * runs on it, stores before it acknowledges and recovers from the store.
 *
 * Memory is bounded: what every group of a topic has committed goes first, as does everything of a topic that no group
 * has ever read; when that is not enough, `send` throws `StreamFullError`. Compacted topics are treated like others.
 */
export class InMemoryBroker implements Broker {
  readonly #limits: Required<InMemoryLimits>;
  readonly #topics = new Map<string, InMemoryTopic>();
  /** By topic, then by name. */
  readonly #groups = new Map<string, Map<string, InMemoryGroup>>();

  constructor({ partitionBytesMax = 64 * 2 ** 20, partitionsDefault = 3 }: InMemoryLimits = {}) {
    this.#limits = { partitionBytesMax, partitionsDefault };
  }

  source(topic: string, group: string): Source {
    return { run: (handler, stop) => this.#group(topic, group).join(handler, stop) };
  }

  sink(topic: string): Sink {
    return { send: async (records) => this.#send(topic, records) };
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions } of topics) {
      if (!this.#topics.has(topic)) this.#make(topic, partitions);
    }
  }

  /** What a group has committed of a partition; for tests and for showing progress. */
  committed(topic: string, group: string, partition: number): Committed {
    return this.#group(topic, group).committed(partition);
  }

  /** Number of records that a partition has had. */
  size(topic: string, partition: number): number {
    return Number(this.#topic(topic).end(partition));
  }

  /** Forgets everything; sources that still run stay silent until they are stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#topics.clear();
    this.#groups.clear();
  }

  #send(name: string, records: readonly OutRecord[]): void {
    const topic = this.#topic(name);
    const groups = [...(this.#groups.get(name)?.values() ?? [])];
    const doneTo = (partition: number) => {
      let least = topic.end(partition);
      for (const group of groups) {
        const offset = group.committed(partition).offset ?? 0n;
        if (offset < least) least = offset;
      }
      return least;
    };
    topic.append(records, doneTo);
    for (const group of groups) group.wake();
  }

  #topic(name: string): InMemoryTopic {
    return this.#topics.get(name) ?? this.#make(name, this.#limits.partitionsDefault);
  }

  #make(name: string, partitions: number): InMemoryTopic {
    const topic = new InMemoryTopic(partitions, this.#limits.partitionBytesMax);
    this.#topics.set(name, topic);
    return topic;
  }

  #group(topic: string, name: string): InMemoryGroup {
    const groups = this.#groups.get(topic) ?? new Map<string, InMemoryGroup>();
    this.#groups.set(topic, groups);
    const group = groups.get(name) ?? new InMemoryGroup(topic, this.#topic(topic));
    groups.set(name, group);
    return group;
  }
}
