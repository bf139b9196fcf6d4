import { topics } from '@tripkey/contract';
import type { Store } from '@tripkey/store';
import { type ConsumeParts, consume } from '../consume.ts';
import type { Intake, TakenRecord } from '../intake.ts';
import type { HeartbeatReader } from './heartbeat-reader.ts';
import type { HeartbeatRow } from './heartbeat-row.ts';

export interface ConsumeHeartbeatsParts
  extends Omit<ConsumeParts, 'topic' | 'progressMs' | 'batch' | 'rejects'> {
  readonly heartbeats: HeartbeatReader;
  /** How long a heartbeat may wait for others to be stored with, ms. Default 5,000. */
  readonly ageMsMax?: number;
}

/** What is odd in heartbeats must not stop the events: it is dead-lettered however much there is. */
const anyShare = { ratioMax: 1, consecutiveMax: Number.POSITIVE_INFINITY };

/**
 * Reads what gateways say of themselves into `gateway_heartbeats_v1` until `stop` aborts.
 * @throws what the source could not overcome.
 */
export async function consumeHeartbeats(parts: ConsumeHeartbeatsParts, stop: AbortSignal): Promise<void> {
  const { heartbeats, store, ageMsMax = 5_000 } = parts;
  const intake = heartbeatIntake(heartbeats, store);
  const limits = { batch: { ageMsMax }, rejects: anyShare, progressMs: 0 };
  await consume(intake, { ...parts, ...limits, topic: topics.gateways }, stop);
}

const nothing: TakenRecord = { rows: 0, deadLetters: [] };
/** About what a row takes in memory, bytes. */
const rowBytes = 600;

/** Heartbeats of a batch. */
class HeartbeatRows {
  readonly list: HeartbeatRow[] = [];

  get rows(): number {
    return this.list.length;
  }

  get bytes(): number {
    return this.list.length * rowBytes;
  }
}

function heartbeatIntake(heartbeats: HeartbeatReader, store: Store): Intake<HeartbeatRows> {
  return {
    begin: () => new HeartbeatRows(),
    take({ value, timestamp }, position, arrivedAtMs, into) {
      if (value === null) return nothing;
      // The topic keeps what was said long ago; read again, it is not heard again.
      const heardAtMs = timestamp > 0 ? Math.min(timestamp, arrivedAtMs) : arrivedAtMs;
      const { rows, deadLetters } = heartbeats.take(value, position, arrivedAtMs, heardAtMs);
      into.list.push(...rows);
      return { rows: rows.length, deadLetters };
    },
    insert: ({ list }, token, signal) => store.insert('gateway_heartbeats_v1', list, token, signal),
  };
}
