import type { Broker, Committed, Sink, Source, TopicSpec } from '../broker.ts';
import { InMemoryGroup } from './in-memory-group.ts';
import { InMemoryTopic } from './in-memory-topic.ts';

/**
 * A broker in this process's memory, with Kafka's semantics: partitions, groups whose members share them, committed
 * offsets with metadata, and leases that end with every join. Nothing outlives the process: the embedded mode, which
 * runs on it, stores before it acknowledges and recovers from the store.
 */
export class InMemoryBroker implements Broker {
  readonly #topics = new Map<string, InMemoryTopic>();
  readonly #groups = new Map<string, InMemoryGroup>();

  /** Partitions of a topic that nobody has made before it is used. */
  static readonly partitionsDefault = 3;

  source(topic: string, group: string): Source {
    return { run: (handler, stop) => this.#group(topic, group).join(handler, stop) };
  }

  sink(topic: string): Sink {
    return {
      send: async (records) => {
        this.#topic(topic).append(records);
        for (const group of this.#groups.values()) group.wake();
      },
    };
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions } of topics) {
      if (!this.#topics.has(topic)) this.#topics.set(topic, new InMemoryTopic(partitions));
    }
  }

  /** What a group has committed of a partition; for tests and for showing progress. */
  committed(topic: string, group: string, partition: number): Committed {
    return this.#group(topic, group).committed(partition);
  }

  /** Number of records in a partition. */
  size(topic: string, partition: number): number {
    return this.#topic(topic).partition(partition).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#topics.clear();
    this.#groups.clear();
  }

  #topic(name: string): InMemoryTopic {
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = new InMemoryTopic(InMemoryBroker.partitionsDefault);
      this.#topics.set(name, topic);
    }
    return topic;
  }

  #group(topic: string, name: string): InMemoryGroup {
    const id = `${topic}\0${name}`;
    let group = this.#groups.get(id);
    if (!group) {
      group = new InMemoryGroup(topic, this.#topic(topic));
      this.#groups.set(id, group);
    }
    return group;
  }
}
