import type { StreamRecord } from '@tripkey/stream';
import type { DeadLetter } from './dead-letter.ts';
import type { Position } from './position.ts';

/** What one record gave: rows to insert and elements that could not be used. */
export interface TakenRecord<Row> {
  readonly rows: readonly Row[];
  readonly deadLetters: readonly DeadLetter[];
}

/** What `consume` needs to know about one kind of message. */
export interface Intake<Row> {
  /** Reads one record. Never throws, whatever the bytes. */
  take(record: StreamRecord, position: Position, arrivedAtMs: number): TakenRecord<Row>;
  /** Size of a row in memory, in bytes or about so. */
  sizeOf(row: Row): number;
  /** Inserts rows all at once; the same rows under the same token again change nothing. */
  insert(rows: readonly Row[], token: string, signal: AbortSignal): Promise<void>;
}
