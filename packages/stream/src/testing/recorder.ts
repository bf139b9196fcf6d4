import type { Lease, SourceHandler, StreamRecord } from '../broker.ts';

/** A handler that keeps what it was given, for tests to look at. */
export class Recorder implements SourceHandler {
  readonly leases: Lease[] = [];
  readonly taken: { lease: Lease; partition: number; record: StreamRecord }[] = [];

  readonly lostRanges: [partition: number, from: bigint, to: bigint][] = [];

  async assigned(lease: Lease): Promise<void> {
    this.leases.push(lease);
  }

  async records(lease: Lease, partition: number, records: readonly StreamRecord[]): Promise<void> {
    for (const record of records) this.taken.push({ lease, partition, record });
  }

  async lost(_: Lease, partition: number, from: bigint, to: bigint): Promise<void> {
    this.lostRanges.push([partition, from, to]);
  }

  /** The lease that counts now. @throws while there is none. */
  get lease(): Lease {
    const lease = this.leases.at(-1);
    if (!lease?.held) throw new Error('no lease is held');
    return lease;
  }

  /** Values received, as text, in the order of receipt. */
  get values(): string[] {
    return this.taken.map(({ record }) => Buffer.from(record.value ?? []).toString());
  }
}
