import type { OutRecord, StreamRecord } from '../broker.ts';

/** The partitions of one topic. */
export class InMemoryTopic {
  readonly #partitions: StreamRecord[][];
  #next = 0;

  constructor(partitions: number) {
    this.#partitions = Array.from({ length: partitions }, () => []);
  }

  get partitions(): number[] {
    return this.#partitions.map((_, i) => i);
  }

  partition(partition: number): readonly StreamRecord[] {
    return this.#partitions[partition] ?? [];
  }

  append(records: readonly OutRecord[]): void {
    for (const record of records) {
      const partition = this.#partitions[this.#partitionOf(record)]!;
      partition.push({
        offset: BigInt(partition.length),
        key: toBytes(record.key ?? null),
        value: toBytes(record.value),
        headers: record.headers ?? {},
        timestamp: Date.now(),
      });
    }
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

function toBytes(value: string | Uint8Array | null): Uint8Array | null {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
