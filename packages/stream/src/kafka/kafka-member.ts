import { retry, systemClock } from '@tripkey/service-kit';
import { type Consumer, type EachBatchPayload, PartitionAssigners } from 'kafkajs';
import { type Committed, type SourceHandler, StreamWentBackError } from '../broker.ts';
import { KafkaLease } from './kafka-lease.ts';
import type { KafkaSourceParts } from './kafka-source.ts';
import { type JoinedGroup, type JoinHook, joinHook } from './kafkajs/group-join.ts';
import { toStreamRecord } from './to-stream-record.ts';

/** One member of a group: joins, hands out records under the lease of each join, leaves. */
export class KafkaMember implements JoinHook {
  readonly #parts: KafkaSourceParts;
  readonly #handler: SourceHandler;
  readonly #consumer: Consumer;
  /** Aborts when this member ends, whatever the reason. */
  readonly #over = new AbortController();
  /** Rejects when it cannot go on. */
  readonly #failed = Promise.withResolvers<never>();
  #lease: KafkaLease | null = null;
  /** First offset that was not handed out, per partition of the lease. */
  #positions = new Map<number, bigint>();
  /** Partitions whose position is no longer there; the next record tells what is missing. */
  readonly #lost = new Set<number>();

  constructor(parts: KafkaSourceParts, handler: SourceHandler) {
    this.#parts = parts;
    this.#handler = handler;
    // It may fail before anybody waits for it.
    this.#failed.promise.catch(() => {});
    const { kafka, group, settings } = parts;
    this.#consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      heartbeatInterval: settings.heartbeatMs,
      // kafkajs has no heartbeat of its own beside the fetch, so a fetch must not wait for long.
      maxWaitTimeInMs: settings.waitMsMax,
      minBytes: settings.bytesMin,
      maxBytesPerPartition: settings.partitionBytesMax,
      maxBytes: settings.bytesMax,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      partitionAssigners: [(config) => ({ ...PartitionAssigners.roundRobin(config), [joinHook]: this })],
      // Kafka that is away is waited for, for ever; what the handler throws ends the source instead.
      retry: { retries: 5, maxRetryTime: 5_000, restartOnFailure: async () => !this.#over.signal.aborted },
    });
  }

  /** @throws what the handler threw, or why kafkajs gave up. */
  async run(stop: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    const onStop = () => stopped.resolve();
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    const { CRASH, HEARTBEAT } = this.#consumer.events;
    this.#consumer.on(HEARTBEAT, () => {
      if (this.#lease?.held) this.#lease.confirmedAt = Date.now();
    });
    // A crash that kafkajs does not restart from would be silent: the process idles, or ends with code 0.
    this.#consumer.on(CRASH, ({ payload }) => {
      this.joining().catch((error: unknown) => this.#fail(error));
      if (!payload.restart) this.#fail(payload.error);
    });
    try {
      await this.#consumer.connect();
      // `latest` would step over records without a word whenever the committed offset is no longer there.
      await this.#consumer.subscribe({ topics: [this.#parts.topic], fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      await Promise.race([stopped.promise, this.#failed.promise]);
    } finally {
      stop.removeEventListener('abort', onStop);
      this.#over.abort();
      await this.joining();
      await this.#consumer.disconnect();
    }
  }

  async joining(): Promise<void> {
    const lease = this.#lease;
    if (!lease) return;
    lease.held = false;
    this.#lost.clear();
    await this.#handler.revoked?.(lease);
  }

  positionLost(partition: number): void {
    this.#lost.add(partition);
  }

  async joined(group: JoinedGroup): Promise<void> {
    await this.#guarded(group.heartbeat, async () => {
      const committed = await this.#committed(group.partitions);
      this.#positions = new Map([...committed].map(([partition, { offset }]) => [partition, offset ?? 0n]));
      // A pause outlives a rebalance in kafkajs; a lease begins with everything flowing.
      for (const partition of group.partitions) group.resume(partition);
      this.#lease = new KafkaLease(this.#parts.topic, committed, group);
      await this.#handler.assigned(this.#lease);
    });
  }

  /**
   * What the group has committed. Asks until Kafka answers: going on without would hand out nothing, for ever. When
   * the member's session ends meanwhile, its next heartbeat tells, and it joins again.
   * @throws when Kafka refuses for good, or the member ends.
   */
  async #committed(partitions: readonly number[]): Promise<Map<number, Committed>> {
    const { admin, group, topic, log } = this.#parts;
    const fetched = await retry(
      async () => (await admin()).fetchOffsets({ groupId: group, topics: [topic] }),
      {
        clock: systemClock,
        signal: this.#over.signal,
        waitMsMax: 5_000,
        worthRetry: mayPass,
        onRetry: (error, attempt) =>
          log?.warn(
            { err: error, topic, group, attempt },
            'kafka: cannot read committed offsets, trying again',
          ),
      },
    );
    const found = new Map(fetched.flatMap((of) => of.partitions.map((one) => [one.partition, one] as const)));
    return new Map(
      partitions.map((partition) => {
        const { offset = '-1', metadata } = found.get(partition) ?? {};
        // Negative: nothing committed, or "the earliest".
        return [
          partition,
          { offset: offset.startsWith('-') ? null : BigInt(offset), metadata: metadata ?? '' },
        ];
      }),
    );
  }

  async #eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const lease = this.#lease;
    if (!lease?.held || !isRunning() || isStale()) return;
    const { partition } = batch;
    const from = this.#positions.get(partition) ?? 0n;
    if (this.#lost.delete(partition)) {
      await this.#guarded(heartbeat, () =>
        this.#tellLost(lease, partition, from, BigInt(batch.firstOffset() ?? from)),
      );
    }
    const fetched = batch.messages.map(toStreamRecord);
    const isBelow = fetched[0] !== undefined && fetched[0].offset < from;
    const records = isBelow ? fetched.filter(({ offset }) => offset >= from) : fetched;
    const below = batch.messages.length - records.length;
    if (below > 0) {
      // Offsets that were done once and come again: a leader was elected that had lost records (unclean election).
      const { topic, group, log } = this.#parts;
      log?.error(
        { topic, group, partition, below, from: String(from) },
        'kafka: dropped records below the position',
      );
    }
    const last = records.at(-1);
    if (last) {
      this.#positions.set(partition, last.offset + 1n);
      await this.#guarded(heartbeat, () => this.#handler.records(lease, partition, records));
    }
    // Resolving moves the position of the *current* join, so it must still be the one of this batch.
    if (!lease.held) return;
    resolveOffset(batch.lastOffset());
    await heartbeat();
  }

  /** @throws {StreamWentBackError} when the partition begins anew below what was read. */
  async #tellLost(lease: KafkaLease, partition: number, from: bigint, first: bigint): Promise<void> {
    const { topic, group } = this.#parts;
    if (first < from) {
      throw new StreamWentBackError(
        `${topic}/${partition} was at offset ${from} and now begins at ${first}: the topic was made anew or has lost ` +
          `records. Offsets that stand for stored events would mean others. Use another topic name, or let the ` +
          `group ${group} start over and give the stored ones another name.`,
      );
    }
    if (first > from) await this.#handler.lost?.(lease, partition, from, first);
  }

  /**
   * Runs the handler with heartbeats beside it, which kafkajs sends only between batches. What it throws ends the
   * source with that error: kafkajs would hide it behind five silent retries.
   */
  async #guarded(heartbeat: () => Promise<void>, work: () => Promise<void>): Promise<void> {
    // A refused heartbeat is met again after the work, where kafkajs joins anew because of it.
    const beat = () => void heartbeat().catch(() => {});
    const beating = setInterval(beat, this.#parts.settings.heartbeatMs);
    try {
      await work();
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      clearInterval(beating);
    }
  }

  #fail(error: unknown): void {
    this.#failed.reject(error);
    this.#over.abort();
  }
}

/** Whether an error of kafkajs may pass by waiting; others say that something has to be changed. */
function mayPass(error: unknown): boolean {
  const { name, retriable } = error as { name?: string; retriable?: boolean };
  return retriable === true || name === 'KafkaJSNumberOfRetriesExceeded';
}
