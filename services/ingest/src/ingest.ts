import { RequestBlock } from '@tripkey/store';
import type { StreamRecord } from '@tripkey/stream';
import { type ConsumeParts, consume } from './consume.ts';
import type { Intake } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import type { PlainReader } from './plain/plain-reader.ts';
import type { Position } from './position.ts';
import { RepeatMarker, type Sent } from './repeats/repeat-marker.ts';
import { repeatMetrics } from './repeats/repeat-metrics.ts';
import { resolveRepeats } from './repeats/resolve-repeats.ts';
import { settleRequests } from './settle-batch.ts';

export interface IngestParts extends ConsumeParts {
  readonly pipeline: Pipeline;
  /** Events remembered in order to find repeated ones, a power of two. Default 2^20. */
  readonly repeats?: number;
}

/**
 * Reads request events from a topic into the raw table until `stop` aborts. See `consume` for what it promises.
 * @throws {TooManyRejectedError} when too many events are unusable, or what the source could not overcome.
 */
export async function ingest(parts: IngestParts, stop: AbortSignal): Promise<void> {
  await consume(requestIntake(parts), parts, stop);
}

const nothing = new Uint8Array(0);
const oneRow = { rows: 1, deadLetters: [] } as const;

function requestIntake({
  pipeline,
  store,
  metrics,
  topic,
  repeats: idsMax,
}: IngestParts): Intake<RequestBlock> {
  const repeats = new RepeatMarker(idsMax);
  const plain = pipeline.plainReader(topic);
  const counts = repeatMetrics(metrics, topic);
  const sent = new SentRecord();
  /** Decided once a batch: another attempt must not send other rows under the same token. */
  const decided = new WeakSet<RequestBlock>();

  /** @returns false when the record has to be read with care; then nothing was done */
  function takePlain(
    reader: PlainReader,
    record: StreamRecord,
    position: Position,
    arrivedAtMs: number,
    into: RequestBlock,
  ): boolean {
    // Headers may say that it is of another format.
    for (const _ in record.headers) return false;
    const { valueWithin } = record;
    if (valueWithin) {
      const { bytes, valueFrom, valueTo } = valueWithin;
      return reader.take(bytes, valueFrom, valueTo, position, arrivedAtMs, sent, repeats, into);
    }
    const { value } = record;
    return value !== null && reader.take(value, 0, value.length, position, arrivedAtMs, sent, repeats, into);
  }

  async function decide(block: RequestBlock, signal: AbortSignal): Promise<RequestBlock> {
    if (decided.has(block)) return block;
    plain?.count();
    counts.asked.inc(await resolveRepeats(store, block, signal));
    decided.add(block);
    counts.repeats.inc(block.repeats(1).length);
    return block;
  }

  return {
    assigned(lease) {
      for (const [partition, { offset }] of lease.committed) repeats.begin(partition, offset === null);
    },
    begin() {
      plain?.count();
      return new RequestBlock();
    },
    take(record, position, arrivedAtMs, into) {
      sent.is(record, position, arrivedAtMs);
      if (plain !== null && takePlain(plain, record, position, arrivedAtMs, into)) return oneRow;
      const { rows, deadLetters } = pipeline.take(
        record.value ?? nothing,
        position,
        arrivedAtMs,
        record.headers,
      );
      for (const row of rows) {
        repeats.mark(row, sent);
        into.push(row);
      }
      return { rows: rows.length, deadLetters };
    },
    insert: async (block, token, signal) =>
      store.insertBlock('requests_raw_v1', await decide(block, signal), token, signal),
    settle: async (range, block, signal) => settleRequests(store, range, await decide(block, signal), signal),
  };
}

/** Where a record came from. One object for all of them, as there are very many. */
class SentRecord implements Sent {
  partition = 0;
  offset = 0;
  atMs = 0;
  #record: StreamRecord | undefined;

  is(record: StreamRecord, { partition, offset }: Position, arrivedAtMs: number): void {
    this.#record = record;
    this.partition = partition;
    this.offset = Number(offset) >>> 0;
    this.atMs = record.timestamp > 0 ? record.timestamp : arrivedAtMs;
  }

  /** Seldom asked for, and a key is cut out of what was fetched when it is. */
  get onlyHere(): boolean {
    return this.#record?.key != null;
  }
}
