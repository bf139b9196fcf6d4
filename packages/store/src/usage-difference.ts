import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { defineQuestion } from './question.ts';
import type { Store } from './store.ts';

/** Minutes of one source whose rollup is compared with raw. */
export interface UsageScope {
  readonly topic: string;
  readonly partition: number;
  /** Starts of minutes, epoch seconds. */
  readonly minutes: readonly number[];
  /**
   * Epoch ms. A minute in which anything arrived at or after this is left out: of an insert that is under way raw may
   * have rows that the rollup has not. Who is the only writer of the source and has nothing under way leaves it out.
   */
  readonly settledUntil?: number;
}

/** Counters of the rollup, as its view makes them. */
const counters = [
  'requests',
  'accepted',
  'denied',
  'rate_limited',
  'errors_4xx',
  'errors_5xx',
  'bytes_in',
  'bytes_out',
] as const;

/** The query of the rollup's own view, so that what is expected of the rollup is written down once. */
const viewQuery = /\nSELECT[\s\S]*$/.exec(
  readFileSync(new URL('./schema/0004_usage_per_minute_mv.sql', import.meta.url), 'utf8'),
)![0];

const scope = `
    ts >= fromUnixTimestamp64Milli({from:Int64}) AND ts < fromUnixTimestamp64Milli({to:Int64})
    AND toUnixTimestamp(toStartOfMinute(ts)) IN ({minutes:Array(UInt32)})
    AND _topic = {topic:String} AND _partition = {partition:UInt16}`;

/** What raw says, less what the rollup says, for the rows in which they differ. */
const differenceSql = `
SELECT
    d.minute AS minute, d.key_id AS key_id, d.source AS source,
    max(d.account_id) AS account_id, max(d.app_id) AS app_id,
    ${counters.map((counter) => `sum(d.${counter}) AS ${counter}`).join(', ')}
FROM (
    SELECT
        minute, key_id, source, account_id, app_id,
        ${counters.map((counter) => `toInt64(${counter}) AS ${counter}`).join(', ')}
    FROM (${viewQuery.replace('WHERE', `WHERE ${scope} AND`)})
    UNION ALL
    SELECT
        u.minute AS minute, u.key_id AS key_id, u.source AS source, '' AS account_id, '' AS app_id,
        ${counters.map((counter) => `-toInt64(sum(u.${counter})) AS ${counter}`).join(', ')}
    FROM usage_per_minute_v1 AS u
    WHERE u.minute >= fromUnixTimestamp64Milli({from:Int64}) AND u.minute < fromUnixTimestamp64Milli({to:Int64})
      AND toUnixTimestamp(u.minute) IN ({minutes:Array(UInt32)})
      AND u.source = concat({topic:String}, '/', toString({partition:UInt16}))
    GROUP BY minute, key_id, source
) AS d
WHERE d.minute NOT IN (
    SELECT toStartOfMinute(ts) FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({settled_until:Int64}) AND ${scope}
)
GROUP BY minute, key_id, source
HAVING ${counters.map((counter) => `${counter} != 0`).join(' OR ')}`;

const Params = z.object({
  topic: z.string(),
  partition: z.int(),
  minutes: z.array(z.int()).describe('epoch seconds'),
  from: z.int().describe('epoch ms'),
  to: z.int().describe('epoch ms'),
  settled_until: z.int().describe('epoch ms'),
});

/** In which rows a rollup differs from raw, and by how much: positive when the rollup lacks something. */
export const usageDifference = defineQuestion({
  name: 'usage-difference',
  sql: `SELECT toUnixTimestamp(minute) AS minute, key_id, requests, bytes_out FROM (${differenceSql}) ORDER BY key_id, minute`,
  params: Params,
  row: z.object({ minute: z.number(), key_id: z.string(), requests: z.number(), bytes_out: z.number() }),
});

/**
 * Makes the rollup of a scope what raw says. The correction is one insert of the differences: whole or not at all,
 * and no reader sees a minute missing. A difference below zero is written modulo 2^64, which the sum undoes.
 * @param token a new one for each attempt; before another attempt the earlier one must have ended.
 */
export async function correctUsage(
  store: Store,
  scope: UsageScope,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  if (scope.minutes.length === 0) return;
  await store.client.command({
    query: `
      INSERT INTO usage_per_minute_v1 (minute, key_id, source, account_id, app_id, ${counters.join(', ')})
      SELECT minute, key_id, source, account_id, app_id,
          ${counters.map((counter) => `reinterpretAsUInt64(${counter})`).join(', ')}
      FROM (${differenceSql})`,
    query_params: usageParams(scope),
    clickhouse_settings: { wait_end_of_query: 1, insert_deduplication_token: token },
    ...(signal ? { abort_signal: signal } : {}),
  });
}

/** The parameters that ask for a scope. */
export function usageParams(scope: UsageScope): z.input<typeof Params> {
  return {
    topic: scope.topic,
    partition: scope.partition,
    minutes: [...scope.minutes],
    from: Math.min(...scope.minutes) * 1_000,
    to: Math.max(...scope.minutes) * 1_000 + 60_000,
    settled_until: scope.settledUntil ?? Date.UTC(2200, 0),
  };
}
