import type { Store } from '@tripkey/store';
import { type ConsumeParts, consume } from './consume.ts';
import { encodeRow } from './encode-row.ts';
import { insertRequests, requestsBody } from './insert-rows.ts';
import type { Intake } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import { settleRequests } from './settle-batch.ts';

export interface IngestParts extends ConsumeParts {
  readonly pipeline: Pipeline;
}

/**
 * Reads request events from a topic into the raw table until `stop` aborts. See `consume` for what it promises.
 * @throws {TooManyRejectedError} when too many events are unusable, or what the source could not overcome.
 */
export async function ingest(parts: IngestParts, stop: AbortSignal): Promise<void> {
  await consume(requestIntake(parts.pipeline, parts.store), parts, stop);
}

const nothing = new Uint8Array(0);

/** Rows are kept as the text that is sent, which takes less memory than objects. */
function requestIntake(pipeline: Pipeline, store: Store): Intake<string> {
  return {
    take(record, position, arrivedAtMs) {
      const { rows, deadLetters } = pipeline.take(
        record.value ?? nothing,
        position,
        arrivedAtMs,
        record.headers,
      );
      return { rows: rows.map(encodeRow), deadLetters };
    },
    sizeOf: (line) => line.length,
    insert: (lines, token, signal) => insertRequests(store, requestsBody(lines), token, signal),
    settle: (range, lines, signal) => settleRequests(store, range, lines, signal),
  };
}
