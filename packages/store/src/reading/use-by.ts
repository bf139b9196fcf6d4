import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { RequestFilter, type RequestSubject, requestsOf } from './request-filter.ts';

/** What requests are told apart by. */
export const useDimensions = {
  endpoint: "concat(method, ' ', route)",
  network: 'network',
  agent: 'agent_family',
  status: 'toString(status)',
} as const;
export type UseDimension = keyof typeof useDimensions;

/**
 * Requests of a subject in a span by one dimension, most first, and whether each value was used in the time before. Reads
 * the span and the time before of one subject.
 */
export function useBy(dimension: UseDimension, subject: RequestSubject) {
  const value = useDimensions[dimension];
  return defineQuestion({
    name: `use-by-${dimension}-of-${subject}`,
    sql: `
      SELECT
          ${value} AS value, count() AS requests, countIf(outcome = 'valid') AS accepted,
          countIf(status IN (401, 403)) AS denied,
          toUnixTimestamp64Milli(min(ts)) AS first_at, toUnixTimestamp64Milli(max(ts)) AS last_at,
          any(asn) AS asn, any(country) AS country, argMax(user_agent, ts) AS sample,
          value NOT IN (
              SELECT ${value} FROM requests_raw_v1 WHERE ${requestsOf(subject, ['before', 'from'])}) AS is_new
      FROM requests_raw_v1
      WHERE ${requestsOf(subject)}
      GROUP BY value ORDER BY requests DESC, value
      LIMIT {rows:UInt32}`,
    params: RequestFilter.extend({
      before: z.int().describe('epoch ms: what was used from then until `from` is not new'),
      rows: z.int().positive(),
    }),
    row: z.object({
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
