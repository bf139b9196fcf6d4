import type { OutRecord, StreamRecord } from '../broker.ts';
import { InMemoryPartition } from './in-memory-partition.ts';

/** The partitions of one topic. */
export class InMemoryTopic {
  readonly #partitions: InMemoryPartition[];
  #next = 0;

  /** `bytesMax`: what one partition may hold. */
  constructor(partitions: number, bytesMax: number) {
    this.#partitions = Array.from({ length: partitions }, () => new InMemoryPartition(bytesMax));
  }

  get partitions(): number[] {
    return this.#partitions.map((_, i) => i);
  }

  /** Offset that the next record of a partition gets. */
  end(partition: number): bigint {
    return this.#partitions[partition]?.end ?? 0n;
  }

  /** Up to `countMax` records from `offset` on, or from the first that is still there. */
  read(partition: number, offset: bigint, countMax: number): readonly StreamRecord[] {
    return this.#partitions[partition]?.read(offset, countMax) ?? [];
  }

  /**
   * Adds all records or none. `doneTo` says per partition below which offset no group needs the records any more.
   * @throws {StreamFullError} when they do not fit.
   */
  append(records: readonly OutRecord[], doneTo: (partition: number) => bigint): void {
    const shares = new Map<number, StreamRecord[]>();
    for (const record of records) {
      const turn = this.#partitionOf(record);
      const share = shares.get(turn) ?? [];
      shares.set(turn, share);
      share.push(toStreamRecord(record, this.end(turn) + BigInt(share.length)));
    }
    for (const [turn, share] of shares) this.#partitions[turn]!.makeRoom(share, doneTo(turn));
    for (const [turn, share] of shares) this.#partitions[turn]!.append(share);
  }

  /** Records of a key go to one partition, those without go round. */
  #partitionOf({ key }: OutRecord): number {
    const count = this.#partitions.length;
    if (key === undefined || key === null) return this.#next++ % count;
    // FNV-1a: any hash will do, since nobody else writes here.
    let hash = 0x811c9dc5;
    for (const byte of toBytes(key)!) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash % count;
  }
}

function toStreamRecord({ key, value, headers }: OutRecord, offset: bigint): StreamRecord {
  return {
    offset,
    key: toBytes(key ?? null),
    value: toBytes(value),
    headers: headers ?? {},
    timestamp: Date.now(),
  };
}

function toBytes(value: string | Uint8Array | null): Uint8Array | null {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
