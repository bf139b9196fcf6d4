import {
  type Committed,
  type Lease,
  LeaseLostError,
  type SourceHandler,
  type StreamRecord,
} from '../broker.ts';
import type { InMemoryTopic } from './in-memory-topic.ts';

/** Records handed out at once. */
const recordsMax = 1_000;
const nothing: Committed = { offset: null, metadata: '' };

/**
 * The members of a group and what they have committed. Every join and leave starts a new generation: all leases end,
 * partitions are dealt out again, and each member goes on from the committed offset.
 */
export class InMemoryGroup {
  readonly #name: string;
  readonly #topic: InMemoryTopic;
  readonly #committed = new Map<number, Committed>();
  #members: Member[] = [];

  constructor(name: string, topic: InMemoryTopic) {
    this.#name = name;
    this.#topic = topic;
  }

  committed(partition: number): Committed {
    return this.#committed.get(partition) ?? nothing;
  }

  /** Lets waiting members look for new records. */
  wake(): void {
    for (const member of this.#members) member.wake();
  }

  /** One member's life: resolves when `stop` aborts, rejects with what its handler throws. */
  async join(handler: SourceHandler, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const member = new Member();
    this.#members.push(member);
    const onStop = () => member.wake();
    stop.addEventListener('abort', onStop);
    this.#rebalance();
    try {
      while (!stop.aborted) {
        const lease = member.lease!;
        await handler.assigned(lease);
        await this.#serve(member, lease, handler, stop);
      }
    } finally {
      stop.removeEventListener('abort', onStop);
      this.#members = this.#members.filter((other) => other !== member);
      if (member.lease) member.lease.held = false;
      this.#rebalance();
    }
  }

  #rebalance(): void {
    this.#members.forEach((member, turn) => {
      if (member.lease) member.lease.held = false;
      const mine = this.#topic.partitions.filter((partition) => partition % this.#members.length === turn);
      member.lease = new InMemoryLease(this.#name, mine, this.#committed, member);
      member.wake();
    });
  }

  /** Hands out records until the lease ends. */
  async #serve(
    member: Member,
    lease: InMemoryLease,
    handler: SourceHandler,
    stop: AbortSignal,
  ): Promise<void> {
    while (lease.held && !stop.aborted) {
      let gave = false;
      for (const partition of lease.partitions) {
        if (!lease.held || stop.aborted) return;
        const records = lease.next(partition, this.#topic);
        if (records.length === 0) continue;
        gave = true;
        await handler.records(lease, partition, records);
      }
      // Other members and the tests must get their turn, also when the handler never waits.
      if (gave) await new Promise((resolve) => setImmediate(resolve));
      else if (lease.held && !stop.aborted) await member.sleep();
    }
  }
}

class Member {
  lease: InMemoryLease | null = null;
  #wake: () => void = () => {};

  wake(): void {
    this.#wake();
  }

  /** Until woken. */
  sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

class InMemoryLease implements Lease {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly committed: ReadonlyMap<number, Committed>;
  held = true;
  readonly #store: Map<number, Committed>;
  readonly #member: Member;
  readonly #paused = new Set<number>();
  readonly #positions = new Map<number, bigint>();

  constructor(topic: string, partitions: readonly number[], store: Map<number, Committed>, member: Member) {
    this.topic = topic;
    this.partitions = partitions;
    this.#store = store;
    this.#member = member;
    this.committed = new Map(partitions.map((partition) => [partition, store.get(partition) ?? nothing]));
    for (const [partition, { offset }] of this.committed) this.#positions.set(partition, offset ?? 0n);
  }

  /** There is no broker apart that could think otherwise. */
  get confirmedAt(): number {
    return this.held ? Date.now() : 0;
  }

  /** The next records of a partition; none while it is paused. */
  next(partition: number, topic: InMemoryTopic): readonly StreamRecord[] {
    if (this.#paused.has(partition)) return [];
    const records = topic.read(partition, this.#positions.get(partition) ?? 0n, recordsMax);
    const last = records.at(-1);
    if (last) this.#positions.set(partition, last.offset + 1n);
    return records;
  }

  async commit(partition: number, offset: bigint, metadata = ''): Promise<void> {
    if (!this.held) throw new LeaseLostError(`the lease of ${this.topic}/${partition} is over`);
    if (!this.partitions.includes(partition))
      throw new Error(`${this.topic}/${partition} is not part of this lease`);
    this.#store.set(partition, { offset, metadata });
  }

  pause(partition: number): void {
    this.#paused.add(partition);
  }

  resume(partition: number): void {
    if (this.#paused.delete(partition)) this.#member.wake();
  }
}
