import * as z from 'zod';

/** What can be wrong with a request, or with us; each has its entry in docs/failure-modes.md. */
export type ApiErrorCode =
  | 'api.bad_request'
  | 'api.unauthenticated'
  | 'api.forbidden'
  | 'api.csrf'
  | 'api.not_found'
  | 'api.conflict'
  | 'api.changed_meanwhile'
  | 'api.too_large'
  | 'api.rate_limited'
  | 'api.query_refused'
  | 'api.query_failed'
  | 'api.query_limit'
  | 'api.query_cancelled'
  | 'api.store_unavailable'
  | 'api.internal';

/** An answer that says what is wrong (RFC 9457, `application/problem+json`). */
export const Problem = z.object({
  type: z.string().describe('`about:blank`'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('from a closed list, see docs/failure-modes.md'),
  detail: z.string(),
  faults: z
    .array(z.object({ at: z.string(), message: z.string() }))
    .optional()
    .describe('what is wrong where, when the request does not fit its schema'),
  clickhouse_code: z.int().optional().describe("ClickHouse's own error code, when a query failed"),
  request_id: z.string().optional().describe('finds it in our log'),
  position: z.int().optional().describe('character of the SQL at which it cannot be read, from 1'),
});
export type Problem = z.infer<typeof Problem>;
