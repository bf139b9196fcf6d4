import * as z from 'zod';
import { defineQuestion } from './question.ts';
import type { Store } from './store.ts';

/** Rows of one statement, about: what it holds in memory meanwhile has a bound. */
const rowsMax = 20_000_000;

/** Under this name `rollup_progress_v1` says how far the table is. */
const rollup = 'endpoint_use';

/** When everything that had arrived was last in `endpoint_use_v1`; epoch ms, 0: never. */
export const endpointUseFrontier = defineQuestion({
  name: 'endpoint-use-frontier',
  sql: `
    SELECT toUnixTimestamp64Milli(max(folded_until)) AS folded_until
    FROM rollup_progress_v1 WHERE rollup = '${rollup}'`,
  params: z.object({}),
  row: z.object({ folded_until: z.number() }),
});

/** What arrived in a span: when the first, epoch ms, and how many. */
const arrivalsIn = defineQuestion({
  name: 'arrivals-in',
  sql: `
    SELECT toUnixTimestamp64Milli(min(arrived_at)) AS first, count() AS rows
    FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})`,
  params: z.object({ from: z.int(), to: z.int() }),
  row: z.object({ first: z.number(), rows: z.number() }),
});

/**
 * Adds what arrived from one time up to another to `endpoint_use_v1`: when each key used each endpoint first and last.
 * As often as one likes: a first and a last time come out the same however often a row is looked at. So whoever stops
 * in between begins again where it is known to have been done, and rows that are corrected later change nothing.
 * @param span epoch ms
 */
export async function foldEndpointUse(
  store: Store,
  span: { from: number; to: number },
  signal?: AbortSignal,
): Promise<void> {
  const [arrivals] = await store.ask(arrivalsIn, span, signal);
  if (!arrivals || arrivals.rows === 0) return;
  const sliceMs = Math.ceil((span.to - arrivals.first) / Math.ceil(arrivals.rows / rowsMax));
  for (let from = arrivals.first; from < span.to; from += sliceMs) {
    await store.client.command({
      query: `
        INSERT INTO endpoint_use_v1
        SELECT
            key_id, method, route, anyLast(account_id), anyLast(app_id),
            minOrNullIf(ts, outcome = 'valid'), maxOrNullIf(ts, outcome = 'valid'),
            minOrNullIf(ts, outcome != 'valid'), maxOrNullIf(ts, outcome != 'valid')
        FROM requests_raw_v1
        WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
        GROUP BY key_id, method, route`,
      query_params: { from, to: Math.min(from + sliceMs, span.to) },
      clickhouse_settings: { wait_end_of_query: 1, max_bytes_before_external_group_by: '1000000000' },
      ...(signal ? { abort_signal: signal } : {}),
    });
  }
}

/** Says that all arrivals before a time, epoch ms, are in `endpoint_use_v1`. */
export async function setEndpointUseFrontier(store: Store, foldedUntil: number, at: number): Promise<void> {
  await store.insert(
    'rollup_progress_v1',
    [{ rollup, folded_until: foldedUntil, at }],
    `${rollup}:${foldedUntil}`,
  );
}
