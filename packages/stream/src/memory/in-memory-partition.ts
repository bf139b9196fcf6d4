import type { StreamRecord } from '../broker.ts';
import { StreamFullError } from './stream-full-error.ts';

/** What a record takes besides its bytes, roughly. */
const recordBytesExtra = 200;

/** A log of records with a bound. Done records make room for new ones; others are never dropped. */
export class InMemoryPartition {
  readonly #bytesMax: number;
  #records: StreamRecord[] = [];
  /** Offset of the first record that is still there. */
  #start = 0n;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Offset that the next record gets. */
  get end(): bigint {
    return this.#start + BigInt(this.#records.length);
  }

  read(offset: bigint, countMax: number): readonly StreamRecord[] {
    const from = offset > this.#start ? Number(offset - this.#start) : 0;
    return this.#records.slice(from, from + countMax);
  }

  append(records: readonly StreamRecord[]): void {
    for (const record of records) {
      this.#records.push(record);
      this.#bytes += sizeOf(record);
    }
  }

  /**
   * Lets go of records below `doneTo` if `records` would not fit otherwise. They are kept until then, as Kafka keeps
   * them, for groups that join later. One send that is larger than the partition fits into an empty one.
   * @throws {StreamFullError} when they still do not fit.
   */
  makeRoom(records: readonly StreamRecord[], doneTo: bigint): void {
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    if (this.#bytes + bytes <= this.#bytesMax) return;
    const done = doneTo > this.#start ? Number((doneTo < this.end ? doneTo : this.end) - this.#start) : 0;
    for (const record of this.#records.splice(0, done)) this.#bytes -= sizeOf(record);
    this.#start += BigInt(done);
    if (this.#bytes > 0 && this.#bytes + bytes > this.#bytesMax) throw new StreamFullError(this.#bytesMax);
  }
}

function sizeOf({ key, value }: StreamRecord): number {
  return recordBytesExtra + (key?.length ?? 0) + (value?.length ?? 0);
}
