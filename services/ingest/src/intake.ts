import type { Lease, StreamRecord } from '@tripkey/stream';
import type { DeadLetter } from './dead-letter.ts';
import type { Position } from './position.ts';

/** The rows of one batch, in whatever form they are gathered. */
export interface Rows {
  readonly rows: number;
  /** Size in memory, or about so. */
  readonly bytes: number;
}

/** What one record gave: rows that were added to the batch, and elements that could not be used. */
export interface TakenRecord {
  readonly rows: number;
  readonly deadLetters: readonly DeadLetter[];
}

/** Where the rows of a batch came from. */
export interface BatchRange {
  readonly topic: string;
  readonly partition: number;
  /** First offset. */
  readonly from: bigint;
  /** The offset after the last. */
  readonly to: bigint;
  /** None of them was stored with an earlier arrival, epoch ms; 0 when that is not known. */
  readonly arrivedSinceMs: number;
  /** Deduplication token of the batch. */
  readonly token: string;
}

/** What `consume` needs to know about one kind of message. */
export interface Intake<R extends Rows> {
  /** A lease begins: of its partitions other members may have read until now. */
  assigned?(lease: Lease): void;
  /** A batch begins: what its rows are gathered in. */
  begin(): R;
  /** Reads one record and adds its rows to the batch. Never throws, whatever the bytes. */
  take(record: StreamRecord, position: Position, arrivedAtMs: number, into: R): TakenRecord;
  /** Inserts rows all at once; the same rows under the same token again change nothing. */
  insert(rows: R, token: string, signal: AbortSignal): Promise<void>;
  /**
   * Makes the store hold each row of a batch once, whatever of it is there already, without relying on tokens; the
   * rollups as well. The caller is the only one who writes rows of that partition.
   * Absent where a row may be inserted twice without harm.
   */
  settle?(range: BatchRange, rows: R, signal: AbortSignal): Promise<void>;
}
