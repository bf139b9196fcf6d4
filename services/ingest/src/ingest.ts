import { RequestBlock } from '@tripkey/store';
import { type ConsumeParts, consume } from './consume.ts';
import type { Intake } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import { RepeatMarker } from './repeats/repeat-marker.ts';
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

function requestIntake({
  pipeline,
  store,
  metrics,
  topic,
  repeats: idsMax,
}: IngestParts): Intake<RequestBlock> {
  const repeats = new RepeatMarker(idsMax);
  const counts = repeatMetrics(metrics, topic);
  /** Decided once a batch: another attempt must not send other rows under the same token. */
  const decided = new WeakSet<RequestBlock>();

  async function decide(block: RequestBlock, signal: AbortSignal): Promise<RequestBlock> {
    if (decided.has(block)) return block;
    counts.asked.inc(await resolveRepeats(store, block, signal));
    decided.add(block);
    counts.repeats.inc(block.repeats(1).length);
    return block;
  }

  return {
    assigned(lease) {
      for (const [partition, { offset }] of lease.committed) repeats.begin(partition, offset === null);
    },
    begin: () => new RequestBlock(),
    take(record, position, arrivedAtMs, into) {
      const { rows, deadLetters } = pipeline.take(
        record.value ?? nothing,
        position,
        arrivedAtMs,
        record.headers,
      );
      const sent = {
        partition: position.partition,
        offset: Number(BigInt.asUintN(32, position.offset)),
        atMs: record.timestamp > 0 ? record.timestamp : arrivedAtMs,
        onlyHere: record.key !== null,
      };
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
