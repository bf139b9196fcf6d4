/**
 * The port to whatever carries messages: Kafka by kafkajs (`./kafka`), or memory (`./memory`, embedded mode).
 *
 * A source hands out records under a *lease*: partitions held by this member from one group join to the next.
 * A commit names its lease, so that a late commit of a member that has lost its partitions cannot happen silently:
 * it throws `LeaseLostError` instead.
 */
export interface Broker extends AsyncDisposable {
  /** Records of one topic, shared among the members of a group. */
  source(topic: string, group: string): Source;
  /** Where records of one topic are written. */
  sink(topic: string): Sink;
  /** Makes the topics that do not exist yet. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
}

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  readonly compacted?: boolean;
  /** How long records are kept, ms; default: for ever where they are compacted, else as the broker does. */
  readonly keptMs?: number;
  /** Records carry the broker's time instead of the producer's. */
  readonly stampedByBroker?: boolean;
}

export interface Source {
  /**
   * Joins the group and calls the handler until `stop` aborts; then leaves the group and resolves.
   * Rejects when the source cannot go on (the reason is the error); it never stops silently.
   */
  run(handler: SourceHandler, stop: AbortSignal): Promise<void>;
}

export interface SourceHandler {
  /**
   * A group join gave us these partitions. What was buffered under an earlier lease must be dropped: its records
   * come again, from the committed offset. No record of the lease is handed out before this resolves.
   */
  assigned(lease: Lease): Promise<void>;
  /**
   * Records of one partition, in offset order. Take them in and return; slow work belongs beside the source, with
   * `lease.pause` as back-pressure, because the group's heartbeat runs between batches.
   */
  records(lease: Lease, partition: number, records: readonly StreamRecord[]): Promise<void>;
  /**
   * A new join is about to begin: end what is under way. The group waits for it, so that nothing of this lease
   * overlaps the next owner's work. May be called more than once.
   */
  revoked?(lease: Lease): Promise<void>;
  /** Records from one offset up to another, exclusive, were gone before they were read (retention). */
  lost?(lease: Lease, partition: number, from: bigint, to: bigint): Promise<void>;
}

export interface Lease {
  readonly topic: string;
  readonly partitions: readonly number[];
  /** What the group had committed per partition when the lease began. */
  readonly committed: ReadonlyMap<number, Committed>;
  /** False from the moment that a new join began or the source stopped. */
  readonly held: boolean;
  /**
   * When the broker last confirmed the lease, epoch ms. It may have passed the partitions on once this is older than
   * the session timeout (a process that was suspended finds `held` still true): an effect that must not overlap the
   * next owner's looks here before it begins.
   */
  readonly confirmedAt: number;
  /**
   * Commits `offset`: everything below it is done. `metadata` (at most 4 KB) comes back in `committed` after the
   * next join.
   * @throws {LeaseLostError} when the lease is over; nothing was committed.
   * @throws any other error when the outcome is unknown: commit the same again.
   */
  commit(partition: number, offset: bigint, metadata?: string): Promise<void>;
  /** Stops fetching from a partition; what is already on its way may still arrive. */
  pause(partition: number): void;
  resume(partition: number): void;
}

export interface Committed {
  /** First offset that is not yet done; null when the group has committed nothing. */
  readonly offset: bigint | null;
  readonly metadata: string;
}

export interface StreamRecord {
  readonly offset: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Where the value lies among others, for who reads it there: cutting it out costs more than reading it. */
  readonly valueWithin?: ValueWithin | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Record timestamp, epoch ms; some producers write -1. */
  readonly timestamp: number;
}

export interface ValueWithin {
  readonly bytes: Uint8Array;
  readonly valueFrom: number;
  readonly valueTo: number;
}

export interface Sink {
  /** Resolves when every record is acknowledged by all in-sync replicas; rejects when any may be missing. */
  send(records: readonly OutRecord[]): Promise<void>;
}

export interface OutRecord {
  readonly key?: string | Uint8Array | null;
  readonly value: string | Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The partitions of a lease belong to somebody else, or will in a moment. Drop what was buffered under it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly code = 'stream.lease_lost';
}

/** A partition begins again below an offset that was read before: its offsets no longer name what they named. */
export class StreamWentBackError extends Error {
  override readonly name = 'StreamWentBackError';
  readonly code = 'stream.went_back';
}
