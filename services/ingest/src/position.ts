/** Where a message stood in its stream. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Where and when one element of a message came in. */
export interface Arrival {
  readonly position: Position;
  /** Index of the element in its message, from 0. */
  readonly idx: number;
  /** When ingest took the message in, epoch ms. */
  readonly arrivedAtMs: number;
}
