import * as z from 'zod';

/** What the gateway decided about the key; derived from the HTTP status when a gateway does not say. */
export const outcomes = [
  'valid',
  'rate_limited',
  'expired',
  'disabled',
  'insufficient_permissions',
  'forbidden',
  'usage_exceeded',
  'unknown_key',
] as const;
export const Outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof Outcome>;

const text = (lengthMax: number) => z.string().max(lengthMax);
const count = z.number().nonnegative();

/**
 * One API request as a gateway reports it (RequestEvent v1, JSON, snake_case).
 *
 * Unknown fields are ignored. `ts` is event time: RFC 3339 or epoch milliseconds. The key's secret must never be
 * in any field; `key_id` is its public id.
 */
export const RequestEvent = z.object({
  event_id: text(128)
    .optional()
    .describe('unique per request, UUIDv7 advised; repeated by a retrying gateway'),
  ts: z.union([z.string().max(64), z.number()]).describe('event time, RFC 3339 or epoch ms'),
  key_id: text(256).min(1).describe('public id of the key, never its secret'),
  account_id: text(256).optional(),
  app_id: text(256).optional(),
  method: text(16).min(1),
  route: text(512).optional().describe('route template, such as /v1/leads/{id}'),
  path: text(4096).optional().describe('request path; a query string is dropped'),
  status: z.int().min(100).max(599).describe('HTTP status'),
  outcome: Outcome.optional(),
  client_ip: text(64).optional(),
  user_agent: text(1024).optional(),
  bytes_in: count.optional().describe('request size, bytes'),
  bytes_out: count.optional().describe('response size, bytes'),
  latency_ms: count.optional(),
  cost: count.optional().describe('credits this call used up'),
  gateway: text(128).optional().describe('which gateway instance'),
  gateway_seq: z.int().nonnegative().optional().describe("the instance's running number of events"),
  trace_id: text(64).optional(),
  tags: z.record(text(64), text(256)).optional(),
});
export type RequestEvent = z.infer<typeof RequestEvent>;
