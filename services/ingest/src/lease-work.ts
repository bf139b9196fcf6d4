import { setImmediate } from 'node:timers/promises';
import { type Clock, type Logger, retry } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { type Lease, LeaseLostError, type Sink, type StreamRecord } from '@tripkey/stream';
import type { ConsumeMetrics } from './consume-metrics.ts';
import { deadLetterKey } from './dead-letter.ts';
import { insertDeadLetters } from './insert-rows.ts';
import type { Intake } from './intake.ts';
import { type Batch, type BatchLimits, PartitionBuffer } from './partition-buffer.ts';
import type { Progress } from './progress.ts';
import type { RejectGuard } from './reject-guard.ts';

export interface LeaseWorkParts<Row> {
  readonly intake: Intake<Row>;
  readonly deadLetters: Sink;
  readonly store: Store;
  readonly guard: RejectGuard;
  readonly batch: BatchLimits;
  /** Bytes over all partitions above which reading pauses. */
  readonly bufferedBytesMax: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counts: ConsumeMetrics;
  /** Called once when the work cannot go on; the reason is the error. */
  readonly onFailure: (error: unknown) => void;
}

/** Cut batches of a partition that may wait for the store before its reading pauses. */
const waitingBatchesMax = 2;
/** Records that are taken before other work of the process gets its turn. */
const recordsPerTurn = 1_000;

interface Partition<Row> {
  readonly number: number;
  readonly buffer: PartitionBuffer<Row>;
  /** The lowest offset that has not been taken. */
  takenTo: bigint;
  /** The lowest offset that is not stored and committed. */
  storedTo: bigint;
  paused: boolean;
  /** The running flush; null when none is. */
  flush: Promise<void> | null;
}

/**
 * Everything that is done under one lease: per partition a buffer, and one flush at a time. When the lease is lost
 * nothing of it is kept, because all that was not committed comes again to the next owner.
 */
export class LeaseWork<Row> {
  readonly lease: Lease;
  readonly #parts: LeaseWorkParts<Row>;
  readonly #partitions = new Map<number, Partition<Row>>();
  readonly #ended = new AbortController();
  #draining = false;

  constructor(lease: Lease, parts: LeaseWorkParts<Row>) {
    this.lease = lease;
    this.#parts = parts;
    for (const number of lease.partitions) {
      const committed = lease.committed.get(number)?.offset ?? 0n;
      this.#partitions.set(number, {
        number,
        buffer: new PartitionBuffer(parts.batch, parts.intake.sizeOf),
        takenTo: committed,
        storedTo: committed,
        paused: false,
        flush: null,
      });
    }
  }

  /** Takes records in; inserts run beside it, and a partition that is ahead of the store is paused. */
  async take(number: number, records: readonly StreamRecord[]): Promise<void> {
    const partition = this.#partitions.get(number);
    if (!partition) throw new Error(`partition ${number} is not part of the lease`);
    const { intake, guard, clock, counts } = this.#parts;
    for (let i = 0; i < records.length; i++) {
      if (i > 0 && i % recordsPerTurn === 0) await setImmediate();
      if (this.#draining || this.#ended.signal.aborted) return;
      const record = records[i]!;
      if (record.offset < partition.takenTo) {
        counts.repeated.inc();
        continue;
      }
      const arrivedAtMs = partition.buffer.arrival(clock.now());
      const position = { topic: this.lease.topic, partition: number, offset: record.offset };
      const taken = intake.take(record, position, arrivedAtMs);
      try {
        guard.note(taken.rows.length, taken.deadLetters);
      } catch (error) {
        this.#fail(error);
        return;
      }
      partition.takenTo = record.offset + 1n;
      partition.buffer.add(record.offset, taken, arrivedAtMs);
      if (partition.buffer.next) this.#startFlush(partition);
    }
    this.#balance(partition);
  }

  /** Cuts batches that have waited long enough. */
  tick(): void {
    const now = this.#parts.clock.now();
    let bytes = 0;
    let oldest = now;
    let paused = 0;
    for (const partition of this.#partitions.values()) {
      partition.buffer.cutIfDue(now);
      if (partition.buffer.next) this.#startFlush(partition);
      else this.#balance(partition);
      bytes += partition.buffer.bytes;
      oldest = Math.min(oldest, partition.buffer.unstoredSinceMs ?? now);
      if (partition.paused) paused++;
    }
    this.#parts.counts.bufferedBytes.set(bytes);
    this.#parts.counts.lagSeconds.set((now - oldest) / 1_000);
    this.#parts.counts.pausedPartitions.set(paused);
  }

  /** How far each partition is; nothing once the lease is over, since another owner speaks for them then. */
  progress(): Progress[] {
    if (!this.lease.held) return [];
    const now = this.#parts.clock.now();
    return [...this.#partitions.values()].map(({ number, buffer, takenTo, storedTo }) => ({
      topic: this.lease.topic,
      partition: number,
      offset: String(storedTo),
      stored_until: buffer.unstoredSinceMs ?? buffer.arrival(now),
      lag: Number(takenTo - storedTo),
      at: now,
    }));
  }

  /** Takes nothing more, stores and commits what was taken. Resolves when that is done or the lease is lost. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const partition of this.#partitions.values()) {
      this.lease.pause(partition.number);
      partition.buffer.cut();
      if (partition.buffer.next) this.#startFlush(partition);
    }
    await Promise.all([...this.#partitions.values()].map(({ flush }) => flush));
  }

  /** Drops what is buffered and ends what is on its way. Resolves when nothing of this lease runs any more. */
  async end(): Promise<void> {
    this.#ended.abort();
    await Promise.all([...this.#partitions.values()].map(({ flush }) => flush));
  }

  #startFlush(partition: Partition<Row>): void {
    if (partition.flush || this.#ended.signal.aborted) return;
    partition.flush = this.#flush(partition).finally(() => {
      partition.flush = null;
    });
  }

  async #flush(partition: Partition<Row>): Promise<void> {
    const { counts, clock } = this.#parts;
    try {
      for (;;) {
        const batch = partition.buffer.next;
        if (!batch) break;
        await this.#store(partition.number, batch);
        partition.storedTo = batch.to;
        partition.buffer.stored();
        counts.batchSeconds.observe((clock.now() - batch.arrivedAtMs) / 1_000);
        this.#balance(partition);
      }
    } catch (error) {
      if (error instanceof LeaseLostError) {
        counts.leasesLost.inc();
        this.#ended.abort();
      } else if (!this.#ended.signal.aborted) {
        this.#fail(error);
      }
    }
  }

  /**
   * The effects of a batch, in order. Each is repeated until it succeeds; after a crash between two of them the
   * records are read again, from the offset of the last commit:
   *   1. insert the rows, 2. insert the dead letters: the token makes an equal batch count once;
   *   3. send the dead letters to their topic: a repeated one has the same key;
   *   4. commit: from here on the batch is done.
   */
  async #store(partition: number, { from, to, rows, deadLetters }: Batch<Row>): Promise<void> {
    const { intake, store, deadLetters: sink, counts, clock } = this.#parts;
    const signal = this.#ended.signal;
    const token = `${this.lease.topic}:${partition}:${from}-${to}`;
    await this.#persist('insert rows', token, async () => {
      const startedAt = clock.now();
      await intake.insert(rows, token, signal);
      counts.insertSeconds.observe((clock.now() - startedAt) / 1_000);
    });
    if (deadLetters.length > 0) {
      await this.#persist('insert dead letters', token, () =>
        insertDeadLetters(store, deadLetters, token, signal),
      );
      const messages = deadLetters.map((letter) => ({
        key: deadLetterKey(letter),
        value: JSON.stringify(letter),
      }));
      await this.#persist('send dead letters', token, () => sink.send(messages));
    }
    await this.#persist('commit', token, () => this.lease.commit(partition, to));
  }

  /** Repeats one effect for ever: nothing may be lost, and reading is paused meanwhile. */
  async #persist(effect: string, token: string, step: () => Promise<void>): Promise<void> {
    const { clock, log, counts } = this.#parts;
    await retry(step, {
      clock,
      signal: this.#ended.signal,
      worthRetry: (error) => !(error instanceof LeaseLostError),
      onRetry: (error, attempt, waitMs) => {
        counts.retries.inc();
        const level = attempt < 5 ? 'warn' : 'error';
        log[level]({ err: error, token, attempt, waitMs }, `could not ${effect}, trying again`);
      },
    });
  }

  /** Pauses a partition whose buffer is full, and lets one that has room go on. */
  #balance(partition: Partition<Row>): void {
    let bytes = 0;
    for (const { buffer } of this.#partitions.values()) bytes += buffer.bytes;
    const full = partition.buffer.waiting >= waitingBatchesMax || bytes >= this.#parts.bufferedBytesMax;
    if (full === partition.paused || this.#draining) return;
    partition.paused = full;
    if (full) {
      this.lease.pause(partition.number);
      // Whoever fills up memory must also be the one to free it: an open batch would wait for its age.
      partition.buffer.cut();
      this.#startFlush(partition);
    } else {
      this.lease.resume(partition.number);
    }
  }

  #fail(error: unknown): void {
    this.#ended.abort();
    this.#parts.onFailure(error);
  }
}
