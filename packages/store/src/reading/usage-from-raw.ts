import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { RequestFilter, type RequestSubject, requestsOf } from './request-filter.ts';
import { usageOfKeys } from './usage-series.ts';

/** Requests by step of time, of what the rollup by key does not tell apart. */
export function usageFromRaw(subject: RequestSubject) {
  return defineQuestion({
    name: `usage-from-raw-of-${subject}`,
    sql: `
      SELECT
          intDiv(toUnixTimestamp(ts), {step:UInt32}) * {step:UInt32} * 1000 AS at,
          count() AS requests, countIf(outcome = 'valid') AS accepted, countIf(status IN (401, 403)) AS denied,
          countIf(status = 429) AS rate_limited, countIf(status >= 400 AND status < 500) AS errors_4xx,
          countIf(status >= 500) AS errors_5xx, sum(r.bytes_out) AS bytes_out
      FROM requests_raw_v1 AS r
      WHERE ${requestsOf(subject)}
      GROUP BY at ORDER BY at`,
    params: RequestFilter.extend({ step: z.int().positive() }),
    row: usageOfKeys.row,
  });
}
