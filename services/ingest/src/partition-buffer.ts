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
  /** Arrival of its first record, epoch ms. */
  readonly arrivedAtMs: number;
}

interface OpenBatch<Row> {
  from: bigint;
  to: bigint;
  rows: Row[];
  deadLetters: DeadLetter[];
  bytes: number;
  arrivedAtMs: number;
}

/** What is charged for an element that leaves no row, so that dead letters are bounded too. */
const deadLetterBytes = 512;

/**
 * What has been taken from one partition and is not stored yet: one open batch that grows, and cut ones that wait in
 * order. A batch is cut between records, never inside one, so that an offset can stand for it.
 */
export class PartitionBuffer<Row> {
  readonly #limits: BatchLimits;
  readonly #sizeOf: (row: Row) => number;
  #open: OpenBatch<Row> | null = null;
  readonly #cut: Batch<Row>[] = [];
  #bytes = 0;
  #lastArrivedAtMs = 0;

  constructor(limits: BatchLimits, sizeOf: (row: Row) => number) {
    this.#limits = limits;
    this.#sizeOf = sizeOf;
  }

  /** Arrival time for a record that is taken now: never earlier than the one before it. */
  arrival(nowMs: number): number {
    this.#lastArrivedAtMs = Math.max(this.#lastArrivedAtMs, nowMs);
    return this.#lastArrivedAtMs;
  }

  /** Adds what one record gave; cuts the batch when that fills it. */
  add(offset: bigint, taken: TakenRecord<Row>, arrivedAtMs: number): void {
    this.#open ??= { from: offset, to: offset, rows: [], deadLetters: [], bytes: 0, arrivedAtMs };
    const open = this.#open;
    open.to = offset + 1n;
    let bytes = taken.deadLetters.length * deadLetterBytes;
    for (const row of taken.rows) {
      open.rows.push(row);
      bytes += this.#sizeOf(row);
    }
    for (const letter of taken.deadLetters) open.deadLetters.push(letter);
    open.bytes += bytes;
    this.#bytes += bytes;
    const full = open.rows.length + open.deadLetters.length >= this.#limits.rowsMax;
    if (full || open.bytes >= this.#limits.bytesMax) this.cut();
  }

  /** Closes the open batch: what comes next belongs to another one. */
  cut(): void {
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
    return (this.#cut[0] ?? this.#open)?.arrivedAtMs;
  }
}
