import { type ConsumeParts, consume } from './consume.ts';
import { encodeRow } from './encode-row.ts';
import { insertRequests, requestsBody } from './insert-rows.ts';
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

/** Rows are kept as the text that is sent, which takes less memory than objects. */
function requestIntake({ pipeline, store, metrics, topic, repeats: idsMax }: IngestParts): Intake<string> {
  const repeats = new RepeatMarker(idsMax);
  const repeated = repeatMetrics(metrics, topic);
  /** Decided once a batch: another attempt must not send other rows under the same token. */
  const decided = new WeakMap<readonly string[], readonly string[]>();

  async function decide(lines: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const known = decided.get(lines);
    if (known) return known;
    const all = await resolveRepeats(store, lines, signal);
    decided.set(lines, all);
    repeated(lines, all);
    return all;
  }

  return {
    assigned(lease) {
      for (const [partition, { offset }] of lease.committed) repeats.begin(partition, offset === null);
    },
    take(record, position, arrivedAtMs) {
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
      const lines: string[] = [];
      for (const row of rows) {
        repeats.mark(row, sent);
        lines.push(encodeRow(row));
      }
      return { rows: lines, deadLetters };
    },
    sizeOf: (line) => line.length,
    insert: async (lines, token, signal) =>
      insertRequests(store, requestsBody(await decide(lines, signal)), token, signal),
    settle: async (range, lines, signal) => settleRequests(store, range, await decide(lines, signal), signal),
  };
}
