import * as z from 'zod';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

export const EndpointSummary = z.object({
  method: z.string(),
  route: z.string(),
  requests: z.number(),
  keys: z.int().describe('keys that used it in the span'),
  accepted: z.number(),
  denied: z.number(),
  errors_5xx: z.number(),
  bytes_out: z.number(),
  latency_ms_p50: z.number(),
  latency_ms_p99: z.number(),
  first_seen_at: Time.nullable().describe('ever'),
  last_seen_at: Time.nullable().describe('ever'),
});
export type EndpointSummary = z.infer<typeof EndpointSummary>;

export const EndpointsQuery = PageQuery.extend({
  from: Time.optional().describe('a day before `to` without it; a span of at most 7 days'),
  to: Time.optional().describe('now without it'),
  q: z.string().max(256).optional().describe('part of the route'),
  sort: z.enum(['requests', 'keys', 'denied', 'errors_5xx', 'bytes_out', 'route']).default('requests'),
  order: z.enum(['asc', 'desc']).default('desc'),
});

export const endpointRoutes = [
  defineRoute({
    id: 'listEndpoints',
    method: 'get',
    path: '/v1/endpoints',
    tag: 'endpoints',
    access: 'read',
    summary: 'Endpoints with their traffic and how many keys use them',
    query: EndpointsQuery,
    response: pageOf(EndpointSummary),
    streams: 'export',
  }),
] as const;
