import type { DeadLetter } from './dead-letter.ts';
import type { TakenRecord } from './intake.ts';

/** How large and how old a batch may become. */
export interface BatchLimits {
  /** Rows and dead letters together. */
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly ageMsMax: number;
}

/** Records of one partition from one offset to another that are stored together or not at all. */
export interface Batch<Row> {
  /** First offset. */
  readonly from: bigint;
  /** The offset after the last: what is committed when the batch is stored. */
  readonly to: bigint;
  readonly rows: readonly Row[];
  readonly deadLetters: readonly DeadLetter[];
  readonly bytes: number;
  /** Arrival of the batch, epoch ms: that of its first record, and every row's. */
  readonly arrivedAtMs: number;
  /** Record timestamp of the first record, epoch ms, or -1. Tells a topic from one of the same name before it. */
  readonly firstTimestamp: number;
}

interface OpenBatch<Row> extends Batch<Row> {
  to: bigint;
  rows: Row[];
  deadLetters: DeadLetter[];
  bytes: number;
}

/** What is charged for an element that leaves no row, so that dead letters are bounded too. */
const deadLetterBytes = 512;

/**
 * What has been taken from one partition and is not stored yet: one open batch that grows, and cut ones that wait in
 * order. A batch is cut between records, never inside one, so that an offset can stand for it.
 *
 * All rows of a batch have one arrival. So offsets and arrival are all that is needed to form it again, row by row the
 * same, event times that are clamped to the arrival included.
 */
export class PartitionBuffer<Row> {
  readonly #limits: BatchLimits;
  readonly #sizeOf: (row: Row) => number;
  #open: OpenBatch<Row> | null = null;
  readonly #cut: Batch<Row>[] = [];
  #bytes = 0;
  #lastArrivedAtMs = 0;
  /** The batch that is being formed again. */
  #again: { readonly to: bigint; readonly arrivedAtMs: number } | null = null;

  constructor(limits: BatchLimits, sizeOf: (row: Row) => number) {
    this.#limits = limits;
    this.#sizeOf = sizeOf;
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

  /** Adds what one record gave; cuts the batch when that fills it. */
  add(offset: bigint, taken: TakenRecord<Row>, arrivedAtMs: number, timestamp: number): void {
    this.#open ??= {
      from: offset,
      to: offset,
      rows: [],
      deadLetters: [],
      bytes: 0,
      arrivedAtMs,
      firstTimestamp: timestamp,
    };
    const open = this.#open;
    let bytes = taken.deadLetters.length * deadLetterBytes;
    for (const row of taken.rows) {
      open.rows.push(row);
      bytes += this.#sizeOf(row);
    }
    for (const letter of taken.deadLetters) {
      open.deadLetters.push(letter);
      bytes += letter.original.length;
    }
    open.to = offset + 1n;
    open.bytes += bytes;
    this.#bytes += bytes;
    if (this.#again) {
      if (open.to >= this.#again.to) this.expect(open.to);
      return;
    }
    const full = open.rows.length + open.deadLetters.length >= this.#limits.rowsMax;
    if (full || open.bytes >= this.#limits.bytesMax) this.cut();
  }

  /** Closes the open batch: what comes next belongs to another one. One that is formed again stays open. */
  cut(): void {
    if (this.#again) return;
    if (this.#open) this.#cut.push(this.#open);
    this.#open = null;
  }

  /** Closes the open batch when it has waited long enough. */
  cutIfDue(nowMs: number): void {
    if (this.#open && nowMs - this.#open.arrivedAtMs >= this.#limits.ageMsMax) this.cut();
  }

  /** The oldest cut batch; it stays until `stored` is called. */
  get next(): Batch<Row> | undefined {
    return this.#cut[0];
  }

  /** The cut batch that comes after `next`. */
  get following(): Batch<Row> | undefined {
    return this.#cut[1];
  }

  /** The oldest cut batch is stored and can go. */
  stored(): void {
    this.#bytes -= this.#cut.shift()?.bytes ?? 0;
  }

  /** Cut batches that wait for the store. */
  get waiting(): number {
    return this.#cut.length;
  }

  /** Bytes of everything that is not stored yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Arrival of the earliest record that is not stored, epoch ms; undefined when all are. */
  get unstoredSinceMs(): number | undefined {
    return (this.#cut[0] ?? this.#open ?? this.#again)?.arrivedAtMs;
  }
}
