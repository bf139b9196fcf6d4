import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { RequestFilter, type RequestSubject, requestsOf } from './request-filter.ts';

/** What requests are told apart by: columns to group by, and the value that they make. */
const dimensions = {
  endpoint: { columns: 'method, route', value: "concat(method, ' ', route)" },
  network: { columns: 'network', value: 'network' },
  agent: { columns: 'agent_family', value: 'toString(agent_family)' },
  status: { columns: 'status', value: 'toString(status)' },
} as const;
export type UseDimension = keyof typeof dimensions;

/**
 * Requests of a subject in a span by each of some dimensions, most first, and whether each value was used in the time before.
 * Reads the rows of the span and of the time before once, for all dimensions.
 */
export function useBy(subject: RequestSubject, by: readonly UseDimension[]) {
  const sets = by.map((name) => `(${dimensions[name].columns})`);
  // 1 for a column that a row of the answer is not grouped by.
  const of = (name: UseDimension) => `grouping(${dimensions[name].columns.split(',')[0]}) = 0`;
  const inSpan = 'ts >= fromUnixTimestamp64Milli({from:Int64})';
  const any = by[0]!;
  const choose = (say: (name: UseDimension) => string) =>
    `multiIf(${by.map((name) => `${of(name)}, ${say(name)}, `).join('')}${say(any)})`;
  return defineQuestion({
    name: `use-by-${by.join('-')}-of-${subject}`,
    sql: `
      SELECT
          ${choose((name) => `'${name}'`)} AS dimension, ${choose((name) => dimensions[name].value)} AS value,
          countIf(${inSpan}) AS requests, countIf(outcome = 'valid' AND ${inSpan}) AS accepted,
          countIf(status IN (401, 403) AND ${inSpan}) AS denied,
          toUnixTimestamp64Milli(minIf(ts, ${inSpan})) AS first_at, toUnixTimestamp64Milli(max(ts)) AS last_at,
          anyIf(r.asn, ${inSpan}) AS asn, anyIf(r.country, ${inSpan}) AS country,
          argMaxIf(user_agent, ts, ${inSpan}) AS sample,
          requests = count() AS is_new
      FROM requests_raw_v1 AS r
      WHERE ${requestsOf(subject, ['before', 'to'])}
      GROUP BY GROUPING SETS (${sets.join(', ')})
      HAVING requests > 0
      ORDER BY dimension, requests DESC, value
      LIMIT {rows:UInt32} BY dimension`,
    params: RequestFilter.extend({
      before: z.int().describe('epoch ms: what was used from then until `from` is not new'),
      rows: z.int().positive().describe('of each dimension'),
    }),
    row: z.object({
      dimension: z.enum(['endpoint', 'network', 'agent', 'status']),
      value: z.string(),
      requests: z.number(),
      accepted: z.number(),
      denied: z.number(),
      first_at: z.number(),
      last_at: z.number(),
      asn: z.number(),
      country: z.string(),
      sample: z.string(),
      is_new: z.number(),
    }),
  });
}

/** How much a subject did in a span, in figures. */
export function useTotals(subject: RequestSubject) {
  return defineQuestion({
    name: `use-totals-of-${subject}`,
    sql: `
      SELECT
          count() AS requests, countIf(outcome = 'valid') AS accepted, countIf(status IN (401, 403)) AS denied,
          countIf(status >= 500) AS errors_5xx, sum(r.bytes_out) AS bytes_out,
          countIf(outcome = 'valid' AND method NOT IN ('GET', 'HEAD', 'OPTIONS')) AS writes,
          uniq(method, route) AS endpoints, uniq(network) AS networks, uniq(country) AS countries,
          uniq(agent_family) AS agents, uniqIf(path, outcome = 'valid') AS objects,
          uniq(toStartOfMinute(ts)) AS minutes
      FROM requests_raw_v1 AS r
      WHERE ${requestsOf(subject)}`,
    params: RequestFilter,
    row: z.object({
      requests: z.number(),
      accepted: z.number(),
      denied: z.number(),
      errors_5xx: z.number(),
      bytes_out: z.number(),
      writes: z.number(),
      endpoints: z.number(),
      networks: z.number(),
      countries: z.number(),
      agents: z.number(),
      objects: z.number(),
      minutes: z.number().describe('minutes with a request'),
    }),
  });
}

/** What a subject was let into in a span, by endpoint. */
export function reachOf(subject: RequestSubject) {
  return defineQuestion({
    name: `reach-of-${subject}`,
    sql: `
      SELECT method, route, count() AS accepted, uniq(path) AS objects, sum(r.bytes_out) AS bytes_out
      FROM requests_raw_v1 AS r
      WHERE ${requestsOf(subject)} AND outcome = 'valid'
      GROUP BY method, route ORDER BY objects DESC, accepted DESC, method, route LIMIT 50`,
    params: RequestFilter,
    row: z.object({
      method: z.string(),
      route: z.string(),
      accepted: z.number(),
      objects: z.number(),
      bytes_out: z.number(),
    }),
  });
}
