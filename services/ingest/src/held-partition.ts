import type { Rows } from './intake.ts';
import type { Intent } from './intent.ts';
import type { PartitionBuffer } from './partition-buffer.ts';

/** Where the work on one partition stands, under the lease that holds it. */
export interface HeldPartition<R extends Rows> {
  readonly number: number;
  readonly buffer: PartitionBuffer<R>;
  /** The lowest offset that has not been taken. */
  takenTo: bigint;
  /** The lowest offset that is not stored and committed. */
  storedTo: bigint;
  /** The intent that is committed beside `storedTo`; null when none is. */
  intent: Intent | null;
  /** Who committed the intent: an owner before us, who may have sent the batch. */
  intentIsInherited: boolean;
  /** Rows below this offset may be stored under tokens of other batches. */
  replayedBelow: bigint;
  paused: boolean;
  /** The running flush; null when none is. */
  flush: Promise<void> | null;
}
