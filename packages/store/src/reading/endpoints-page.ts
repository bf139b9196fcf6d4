import * as z from 'zod';
import { defineQuestion } from '../question.ts';

export const endpointSorts = ['requests', 'keys', 'denied', 'errors_5xx', 'bytes_out', 'route'] as const;
export type EndpointSort = (typeof endpointSorts)[number];

/** Endpoints with their traffic in a span: a pass over a few narrow columns of its rows. */
export function endpointsPage(sort: EndpointSort, order: 'asc' | 'desc') {
  const beyond = order === 'asc' ? '>' : '<';
  const place = sort === 'route' ? 'name' : `(toFloat64(${sort}), name)`;
  const after = sort === 'route' ? '{after_name:String}' : '({after_value:Float64}, {after_name:String})';
  return defineQuestion({
    name: `endpoints-page-by-${sort}`,
    sql: `
      SELECT
          method, route, requests, keys, accepted, denied, errors_5xx, bytes_out, p50, p99, first_seen_at, last_seen_at,
          concat(route, ' ', method) AS name, ${sort === 'route' ? '0' : `toFloat64(${sort})`} AS sorted
      FROM
      (
          SELECT
              method, route, count() AS requests, uniq(key_id) AS keys, countIf(outcome = 'valid') AS accepted,
              countIf(status IN (401, 403)) AS denied, countIf(status >= 500) AS errors_5xx, sum(r.bytes_out) AS bytes_out,
              quantile(0.5)(latency_ms) AS p50, quantile(0.99)(latency_ms) AS p99
          FROM requests_raw_v1 AS r
          WHERE ts >= fromUnixTimestamp64Milli({from:Int64}) AND ts < fromUnixTimestamp64Milli({to:Int64}) AND is_repeat = 0
            AND ({q:String} = '' OR positionCaseInsensitive(route, {q:String}) > 0)
          GROUP BY method, route
      ) AS seen
      LEFT JOIN
      (
          SELECT method, route,
              toUnixTimestamp64Milli(least(
                  ifNull(min(first_accepted_at), toDateTime64('2200-01-01', 3, 'UTC')),
                  ifNull(min(first_refused_at), toDateTime64('2200-01-01', 3, 'UTC')))) AS first_seen_at,
              toUnixTimestamp64Milli(greatest(
                  ifNull(max(last_accepted_at), toDateTime64(0, 3, 'UTC')),
                  ifNull(max(last_refused_at), toDateTime64(0, 3, 'UTC')))) AS last_seen_at
          FROM endpoint_use_v1 GROUP BY method, route
      ) AS ever USING (method, route)
      WHERE {has_place:Bool} = 0 OR ${place} ${beyond} ${after}
      ORDER BY ${sort === 'route' ? '' : `sorted ${order}, `}name ${order}
      LIMIT {rows:UInt32}`,
    params: z.object({
      from: z.int().describe('epoch ms'),
      to: z.int().describe('epoch ms'),
      q: z.string(),
      has_place: z.boolean(),
      after_value: z.number(),
      after_name: z.string(),
      rows: z.int().positive(),
    }),
    row: z.object({
      method: z.string(),
      route: z.string(),
      requests: z.number(),
      keys: z.number(),
      accepted: z.number(),
      denied: z.number(),
      errors_5xx: z.number(),
      bytes_out: z.number(),
      p50: z.number().nullable(),
      p99: z.number().nullable(),
      first_seen_at: z.number(),
      last_seen_at: z.number(),
      name: z.string(),
      sorted: z.number(),
    }),
  });
}
