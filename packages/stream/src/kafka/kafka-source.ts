import { type Admin, type Consumer, type EachBatchPayload, type Kafka, PartitionAssigners } from 'kafkajs';
import type { Committed, Source, SourceHandler, StreamRecord } from '../broker.ts';
import { KafkaLease } from './kafka-lease.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { type JoinedGroup, type JoinHook, joinHook } from './kafkajs-internals.ts';

/** One topic read by one member of a group. */
export class KafkaSource implements Source {
  readonly #kafka: Kafka;
  readonly #admin: () => Promise<Admin>;
  readonly #topic: string;
  readonly #group: string;
  readonly #settings: KafkaSettings;

  constructor(
    kafka: Kafka,
    admin: () => Promise<Admin>,
    topic: string,
    group: string,
    settings: KafkaSettings,
  ) {
    this.#kafka = kafka;
    this.#admin = admin;
    this.#topic = topic;
    this.#group = group;
    this.#settings = settings;
  }

  async run(handler: SourceHandler, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const member = new Member(
      this.#kafka,
      await this.#admin(),
      this.#topic,
      this.#group,
      this.#settings,
      handler,
    );
    await member.run(stop);
  }
}

class Member implements JoinHook {
  readonly #admin: Admin;
  readonly #topic: string;
  readonly #groupId: string;
  readonly #settings: KafkaSettings;
  readonly #handler: SourceHandler;
  readonly #consumer: Consumer;
  #lease: KafkaLease | null = null;
  #positions = new Map<number, bigint>();
  #fail: (error: unknown) => void = () => {};

  constructor(
    kafka: Kafka,
    admin: Admin,
    topic: string,
    groupId: string,
    settings: KafkaSettings,
    handler: SourceHandler,
  ) {
    this.#admin = admin;
    this.#topic = topic;
    this.#groupId = groupId;
    this.#settings = settings;
    this.#handler = handler;
    this.#consumer = kafka.consumer({
      groupId,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      heartbeatInterval: settings.heartbeatMs,
      // Heartbeats come between fetches, so a fetch must not wait long: kafkajs has no other.
      maxWaitTimeInMs: settings.waitMsMax,
      minBytes: settings.bytesMin,
      maxBytesPerPartition: settings.partitionBytesMax,
      maxBytes: settings.bytesMax,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      partitionAssigners: [(config) => ({ ...PartitionAssigners.roundRobin(config), [joinHook]: this })],
      // A lost broker is waited for; what the handler throws ends the source.
      retry: { retries: 5, maxRetryTime: 10_000, restartOnFailure: async () => this.#failure === undefined },
    });
  }

  #failure: unknown;

  async run(stop: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#fail = (error) => {
        this.#failure ??= error;
        reject(error);
      };
      stop.addEventListener('abort', () => resolve(), { once: true });
      if (stop.aborted) resolve();
    });
    // The consumer may fail before anybody waits for `ended`.
    ended.catch(() => {});
    // A crash that kafkajs does not restart from would be silent: the process idles or ends with code 0.
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) this.#fail(this.#failure ?? payload.error);
    });
    try {
      await this.#consumer.connect();
      // `latest` would skip records without a word whenever a committed offset is no longer there.
      await this.#consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      await ended;
    } finally {
      this.#endLease();
      await this.#consumer.disconnect();
    }
  }

  joining(): void {
    this.#endLease();
  }

  async joined(group: JoinedGroup, partitions: readonly number[]): Promise<void> {
    const committed = await this.#readCommitted(partitions);
    this.#positions = new Map([...committed].map(([partition, { offset }]) => [partition, offset ?? 0n]));
    const flow = {
      pause: (partition: number) => this.#consumer.pause([{ topic: this.#topic, partitions: [partition] }]),
      resume: (partition: number) => this.#consumer.resume([{ topic: this.#topic, partitions: [partition] }]),
    };
    // A pause outlives a rebalance in kafkajs; the new lease starts with everything flowing.
    for (const partition of partitions) flow.resume(partition);
    this.#lease = new KafkaLease(this.#topic, committed, group, flow);
    await this.#guarded(() => this.#handler.assigned(this.#lease!));
  }

  async #readCommitted(partitions: readonly number[]): Promise<Map<number, Committed>> {
    const fetched = await this.#admin.fetchOffsets({ groupId: this.#groupId, topics: [this.#topic] });
    const all = new Map(
      fetched.flatMap((topic) => topic.partitions.map((found) => [found.partition, found])),
    );
    return new Map(
      partitions.map((partition) => {
        const found = all.get(partition);
        const offset = found && found.offset !== '-1' ? BigInt(found.offset) : null;
        return [partition, { offset, metadata: found?.metadata ?? '' }];
      }),
    );
  }

  async #eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const lease = this.#lease;
    if (!lease?.held || !isRunning() || isStale()) return;
    const from = this.#positions.get(batch.partition) ?? 0n;
    const records: StreamRecord[] = [];
    for (const message of batch.messages) {
      const offset = BigInt(message.offset);
      if (offset < from) continue;
      records.push({
        offset,
        key: message.key,
        value: message.value,
        headers: readHeaders(message.headers),
        timestamp: Number(message.timestamp),
      });
    }
    if (records.length > 0) {
      this.#positions.set(batch.partition, records.at(-1)!.offset + 1n);
      const alive = setInterval(() => void heartbeat().catch(() => {}), this.#settings.heartbeatMs);
      try {
        await this.#guarded(() => this.#handler.records(lease, batch.partition, records));
      } finally {
        clearInterval(alive);
      }
    }
    if (!lease.held) return;
    resolveOffset(batch.lastOffset());
    await heartbeat();
  }

  /** What the handler throws ends the source with that error: kafkajs would swallow it into five retries. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #endLease(): void {
    if (this.#lease) this.#lease.held = false;
  }
}

const noHeaders: Readonly<Record<string, string>> = {};

function readHeaders(
  headers: EachBatchPayload['batch']['messages'][number]['headers'],
): Record<string, string> {
  if (!headers) return noHeaders;
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) read[name] = String(Array.isArray(value) ? value.at(-1) : value);
  }
  return read;
}
