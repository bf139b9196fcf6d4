/** Name and version of what emits; of this package. */
export const emitterName = '@tripkey/emitter 0.1.0';

/** What became of the events of an emitter since it was made. */
export interface HeartbeatCounts {
  readonly emitted: number;
  readonly sent: number;
  readonly waiting: number;
  readonly retries: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * What an emitter says of itself (GatewayHeartbeat v1). Counts run from `started_at`, so a later one says all that an
 * earlier one said, and one that comes twice does no harm.
 */
export interface Heartbeat extends HeartbeatCounts {
  readonly gateway: string;
  /** When this emitter was made, RFC 3339. */
  readonly started_at: string;
  /** RFC 3339; grows from heartbeat to heartbeat also when the clock is set back. */
  readonly sent_at: string;
  /** How often one comes, seconds. */
  readonly every_s: number;
  readonly emitter: string;
  /** The emitter was closed: no other follows. */
  readonly ended: boolean;
}
