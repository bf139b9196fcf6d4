import type { DeadLetter } from './dead-letter.ts';
import type { Rows } from './intake.ts';

/** How large and how old a batch may become. */
export interface BatchLimits {
  /** Rows and dead letters together. */
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly ageMsMax: number;
}

/** Records of one partition from one offset to another that are stored together or not at all. */
export interface Batch<R extends Rows> {
  /** First offset. */
  readonly from: bigint;
  /** The offset after the last: what is committed when the batch is stored. */
  readonly to: bigint;
  readonly rows: R;
  readonly deadLetters: readonly DeadLetter[];
  /** Arrival of the batch, epoch ms: that of its first record, and every row's. */
  readonly arrivedAtMs: number;
  /** Record timestamp of the first record, epoch ms, or -1. Tells a topic from one of the same name before it. */
  readonly firstTimestamp: number;
}

interface OpenBatch<R extends Rows> extends Batch<R> {
  to: bigint;
  deadLetters: DeadLetter[];
  deadLetterBytes: number;
  /** Elements that it had when it was last weighed. */
  weighedAt: number;
}

/** What a batch may wait when its records come late, as a share of how late they are. */
const lateShare = 0.1;
const lateWaitMsMax = 5_000;

/** Elements after which a batch is weighed again. */
const weighedEvery = 32;

/** What is charged for an element that leaves no row, so that dead letters are bounded too. */
const deadLetterBytes = 512;

/**
 * What has been taken from one partition and is not stored yet: one open batch that grows, and cut ones that wait in
 * order. A batch is cut between records, never inside one, so that an offset can stand for it.
 *
 * All rows of a batch have one arrival. So offsets and arrival are all that is needed to form it again, row by row the
 * same, event times that are clamped to the arrival included.
 */
export class PartitionBuffer<R extends Rows> {
  readonly #limits: BatchLimits;
  readonly #begin: () => R;
  #open: OpenBatch<R> | null = null;
  readonly #cut: OpenBatch<R>[] = [];
  #lastArrivedAtMs = 0;
  /** When the last record was added, epoch ms. */
  #lastAddedAtMs = 0;
  /** The batch that is being formed again. */
  #again: { readonly to: bigint; readonly arrivedAtMs: number } | null = null;

  /** @param begin makes what the rows of a batch are gathered in */
  constructor(limits: BatchLimits, begin: () => R) {
    this.#limits = limits;
    this.#begin = begin;
  }

  /** The first batch ends at `to` and has that arrival, whatever the limits say: it was formed so before. */
  formAgain(to: bigint, arrivedAtMs: number): void {
    this.#again = { to, arrivedAtMs };
    this.notBefore(arrivedAtMs);
  }

  /** True until the batch that `formAgain` asked for is cut. */
  get formingAgain(): boolean {
    return this.#again !== null;
  }

  /** No batch from here on arrives before `timeMs`. */
  notBefore(timeMs: number): void {
    this.#lastArrivedAtMs = Math.max(this.#lastArrivedAtMs, timeMs);
  }

  /** Arrival for a record that is taken now: that of the batch it goes into; it never falls. */
  arrival(nowMs: number): number {
    if (this.#open) return this.#open.arrivedAtMs;
    if (this.#again) return this.#again.arrivedAtMs;
    this.notBefore(nowMs);
    return this.#lastArrivedAtMs;
  }

  /** Says which record comes next: the batch that is formed again may end before it, its last records being gone. */
  expect(offset: bigint): void {
    if (!this.#again || offset < this.#again.to) return;
    this.#again = null;
    this.cut();
  }

  /**
   * The rows of the batch into which a record goes; what the record gives is to be added to them, then told by `add`.
   * @param timestamp of the record
   */
  rowsFor(offset: bigint, arrivedAtMs: number, timestamp: number): R {
    this.#open ??= {
      from: offset,
      to: offset,
      rows: this.#begin(),
      deadLetters: [],
      deadLetterBytes: 0,
      weighedAt: -weighedEvery,
      arrivedAtMs,
      firstTimestamp: timestamp,
    };
    return this.#open.rows;
  }

  /** The record at `offset` is taken, its rows are added; cuts the batch when that fills it. */
  add(offset: bigint, deadLetters: readonly DeadLetter[], nowMs: number): void {
    const open = this.#open!;
    this.#lastAddedAtMs = nowMs;
    for (const letter of deadLetters) {
      open.deadLetters.push(letter);
      open.deadLetterBytes += deadLetterBytes + letter.original.length;
    }
    open.to = offset + 1n;
    if (this.#again) {
      if (open.to >= this.#again.to) this.expect(open.to);
      return;
    }
    const elements = open.rows.rows + open.deadLetters.length;
    if (elements >= this.#limits.rowsMax) this.cut();
    else if (elements - open.weighedAt >= weighedEvery || deadLetters.length > 0) this.#weigh(open, elements);
  }

  #weigh(open: OpenBatch<R>, elements: number): void {
    open.weighedAt = elements;
    if (bytesOf(open) >= this.#limits.bytesMax) this.cut();
  }

  /** Closes the open batch: what comes next belongs to another one. One that is formed again stays open. */
  cut(): void {
    if (this.#again) return;
    if (this.#open) this.#cut.push(this.#open);
    this.#open = null;
  }

  /**
   * Closes the open batch when it has waited long enough. Behind a backlog it may wait longer, by a share of what its
   * records have waited already: few large batches catch up sooner than many small ones. But only as long as records
   * come: when they stop, the end is reached.
   */
  cutIfDue(nowMs: number): void {
    if (!this.#open) return;
    const { ageMsMax } = this.#limits;
    const { arrivedAtMs, firstTimestamp } = this.#open;
    const lateMs = firstTimestamp > 0 ? arrivedAtMs - firstTimestamp : 0;
    const waitMs = Math.max(ageMsMax, Math.min(lateMs * lateShare, lateWaitMsMax));
    const ageMs = nowMs - arrivedAtMs;
    const isOver = nowMs - this.#lastAddedAtMs >= ageMsMax / 2;
    if (ageMs >= waitMs || (ageMs >= ageMsMax && isOver)) this.cut();
  }

  /** The oldest cut batch; it stays until `stored` is called. */
  get next(): Batch<R> | undefined {
    return this.#cut[0];
  }

  /** The cut batch that comes after `next`. */
  get following(): Batch<R> | undefined {
    return this.#cut[1];
  }

  /** The oldest cut batch is stored and can go. */
  stored(): void {
    this.#cut.shift();
  }

  /** Cut batches that wait for the store. */
  get waiting(): number {
    return this.#cut.length;
  }

  /** Bytes of everything that is not stored yet. */
  get bytes(): number {
    let bytes = this.#open ? bytesOf(this.#open) : 0;
    for (const batch of this.#cut) bytes += bytesOf(batch);
    return bytes;
  }

  /** Arrival of the earliest record that is not stored, epoch ms; undefined when all are. */
  get unstoredSinceMs(): number | undefined {
    return (this.#cut[0] ?? this.#open ?? this.#again)?.arrivedAtMs;
  }
}

function bytesOf({ rows, deadLetterBytes }: OpenBatch<Rows>): number {
  return rows.bytes + deadLetterBytes;
}
