import { setImmediate } from 'node:timers/promises';
import { publishedProgress } from '@tripkey/store';
import { type Lease, LeaseLostError, type StreamRecord } from '@tripkey/stream';
import { BatchWriter, type BatchWriterParts } from './batch-writer.ts';
import type { HeldPartition } from './held-partition.ts';
import type { Rows } from './intake.ts';
import { readIntent } from './intent.ts';
import { type Batch, type BatchLimits, PartitionBuffer } from './partition-buffer.ts';
import type { Progress } from './progress.ts';
import type { RejectGuard } from './reject-guard.ts';

export interface LeaseWorkParts<R extends Rows> extends BatchWriterParts<R> {
  readonly guard: RejectGuard;
  readonly batch: BatchLimits;
  /** Bytes over all partitions above which reading pauses. */
  readonly bufferedBytesMax: number;
  /** Called once when the work cannot go on; the reason is the error. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Cut batches of a partition that may wait, that under way included, before its reading pauses. With few, reading and
 * storing take turns instead of going on side by side, and every pause cuts a batch short; bytes bound the memory.
 */
const waitingBatchesMax = 6;
/** Records that are taken before other work of the process gets its turn. */
const recordsPerTurn = 1_000;

/**
 * Everything that is done under one lease: per partition a buffer, and one flush at a time. When the lease is lost
 * nothing of it is kept, because all that was not committed comes again to the next owner.
 */
export class LeaseWork<R extends Rows> {
  readonly lease: Lease;
  readonly #parts: LeaseWorkParts<R>;
  readonly #partitions = new Map<number, HeldPartition<R>>();
  readonly #ended = new AbortController();
  readonly #writer: BatchWriter<R>;
  #prepared = false;
  #draining = false;

  constructor(lease: Lease, parts: LeaseWorkParts<R>) {
    this.lease = lease;
    this.#parts = parts;
    this.#writer = new BatchWriter(lease, parts, this.#ended.signal);
    for (const number of lease.partitions) this.#partitions.set(number, this.#inherit(number));
    parts.intake.assigned?.(lease);
  }

  /** A partition as its last owner left it. */
  #inherit(number: number): HeldPartition<R> {
    const { batch, intake, log } = this.#parts;
    const { offset, metadata } = this.lease.committed.get(number) ?? { offset: null, metadata: '' };
    const buffer = new PartitionBuffer<R>(batch, () => intake.begin());
    const read = readIntent(metadata);
    if (read === 'unknown')
      log.warn({ topic: this.lease.topic, partition: number }, 'the committed metadata are not ours');
    const intent = typeof read === 'object' && offset !== null && read.to > offset ? read : null;
    if (intent) buffer.formAgain(intent.to, intent.arrivedAtMs);
    return {
      number,
      buffer,
      takenTo: offset ?? 0n,
      storedTo: offset ?? 0n,
      intent,
      intentIsInherited: intent !== null,
      replayedBelow: 0n,
      paused: false,
      flush: null,
    };
  }

  /**
   * Asks the store what it must know before anything is taken: up to which arrival its rows were said to be complete,
   * so that no clock that lags behind lets later ones fall before it; and whether rows from the committed offset on
   * are stored already, because the group's offsets were set back. Asks until the store answers.
   * @returns false when the work ended before the store answered.
   */
  async prepare(): Promise<boolean> {
    const { store } = this.#parts;
    const { topic } = this.lease;
    const ask = () => store.ask(publishedProgress, { topic }, this.#ended.signal);
    const asked = this.#writer.persist('ask what is stored', topic, async () => {
      await this.#writer.readRun();
      return await ask();
    });
    try {
      for (const row of await asked) this.#learn(row);
      this.#prepared = true;
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error;
    }
    return this.#prepared;
  }

  #learn(row: { partition: number; stored_until: number; stored_below: number }): void {
    const partition = this.#partitions.get(row.partition);
    if (!partition) return;
    partition.buffer.notBefore(row.stored_until);
    const known = partition.intent?.to ?? partition.storedTo;
    if (BigInt(row.stored_below) > known) partition.replayedBelow = BigInt(row.stored_below);
  }

  /** Takes records in; inserts run beside it, and a partition that is ahead of the store is paused. */
  async take(number: number, records: readonly StreamRecord[]): Promise<void> {
    const partition = this.#partition(number);
    const { intake, guard, clock, counts } = this.#parts;
    const { buffer } = partition;
    let nowMs = clock.now();
    for (let i = 0; i < records.length; i++) {
      if (i > 0 && i % recordsPerTurn === 0) {
        await setImmediate();
        nowMs = clock.now();
      }
      if (this.#draining || this.#ended.signal.aborted) return;
      const record = records[i]!;
      if (record.offset < partition.takenTo) {
        counts.repeated.inc();
        continue;
      }
      buffer.expect(record.offset);
      const arrivedAtMs = buffer.arrival(nowMs);
      const position = { topic: this.lease.topic, partition: number, offset: record.offset };
      const into = buffer.rowsFor(record.offset, arrivedAtMs, record.timestamp);
      const taken = intake.take(record, position, arrivedAtMs, into);
      try {
        guard.note(taken.rows, taken.deadLetters);
      } catch (error) {
        this.#fail(error);
        return;
      }
      partition.takenTo = record.offset + 1n;
      buffer.add(record.offset, taken.deadLetters, nowMs);
      if (buffer.next) this.#startFlush(partition);
    }
    this.#balance(partition);
  }

  /** Records were gone from the topic before they were read: writes down which. */
  async lost(number: number, from: bigint, to: bigint): Promise<void> {
    const { store, clock, log, counts } = this.#parts;
    const { topic } = this.lease;
    const partition = this.#partition(number);
    const gap = { topic, partition: number, from_offset: String(from), to_offset: String(to) };
    log.warn(gap, 'records were gone before they were read; what is judged around now is incomplete');
    counts.lost.inc(Number(to - from));
    // A batch that is formed again without its beginning is another batch than the one that may be stored.
    if (partition.intent && from < partition.intent.to) partition.replayedBelow = partition.intent.to;
    partition.takenTo = to;
    partition.buffer.expect(to);
    if (partition.buffer.next) this.#startFlush(partition);
    const what = `gap:${topic}:${number}:${from}-${to}`;
    await this.#writer.persist('write a gap down', what, () =>
      store.insert('ingest_gaps_v1', [{ ...gap, at: clock.now() }], what, this.#ended.signal),
    );
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

  /**
   * How far each partition is; nothing before the store was asked what earlier owners had said, and nothing once the
   * lease is over or may be, since another owner speaks for the partitions then.
   */
  progress(): Progress[] {
    const now = this.#parts.clock.now();
    const confirmed = now - this.lease.confirmedAt <= this.#parts.unconfirmedMsMax;
    if (!this.#prepared || !this.lease.held || !confirmed) return [];
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

  #partition(number: number): HeldPartition<R> {
    const partition = this.#partitions.get(number);
    if (!partition) throw new Error(`partition ${number} is not part of the lease`);
    return partition;
  }

  #startFlush(partition: HeldPartition<R>): void {
    if (partition.flush || this.#ended.signal.aborted) return;
    partition.flush = this.#flush(partition).finally(() => {
      partition.flush = null;
    });
  }

  /**
   * Stores batch after batch. Per batch one commit, which ends it and announces the next; only the first after a
   * pause needs a commit of its own, before its insert.
   */
  async #flush(partition: HeldPartition<R>): Promise<void> {
    const { counts, clock } = this.#parts;
    const { number, buffer } = partition;
    try {
      for (let batch = buffer.next; batch; batch = buffer.next) {
        if (partition.intent?.to !== batch.to) await this.#announce(partition, batch.from, batch);
        await this.#writer.store(number, batch, {
          intent: partition.intent!,
          tried: partition.intentIsInherited,
          replayed: batch.from < partition.replayedBelow,
        });
        await this.#announce(partition, batch.to, buffer.following);
        buffer.stored();
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

  /** Commits that all below an offset is stored, and that `next`, which begins there, may be sent from now on. */
  async #announce(partition: HeldPartition<R>, offset: bigint, next: Batch<R> | undefined): Promise<void> {
    const intent = next ? { to: next.to, arrivedAtMs: next.arrivedAtMs, run: this.#writer.run } : null;
    await this.#writer.commit(partition.number, offset, intent);
    partition.storedTo = offset;
    partition.intent = intent;
    partition.intentIsInherited = false;
  }

  /** Pauses a partition whose buffer is full, and lets one that has room go on. */
  #balance(partition: HeldPartition<R>): void {
    let bytes = 0;
    for (const { buffer } of this.#partitions.values()) bytes += buffer.bytes;
    const full = partition.buffer.waiting >= waitingBatchesMax || bytes >= this.#parts.bufferedBytesMax;
    // A batch that is formed again can be stored only when it is whole; then others get its room.
    const wait = full && !partition.buffer.formingAgain;
    if (wait === partition.paused || this.#draining) return;
    partition.paused = wait;
    if (wait) {
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
