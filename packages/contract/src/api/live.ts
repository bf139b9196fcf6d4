import * as z from 'zod';
import { Time } from './page.ts';
import { defineRoute } from './route.ts';

/**
 * What `GET /v1/live` sends (`text/event-stream`): an event `incident` for each entry of an incident's log, `pipeline`
 * every ten seconds, and a comment every 15 s while nothing happens. `id` of an event goes on where a lost connection
 * ended (`Last-Event-ID`).
 */
export const LiveIncident = z.object({
  incident_id: z.string(),
  seq: z.int(),
  at: Time,
  kind: z.string().describe('as in its timeline'),
  lineage_id: z
    .string()
    .nullable()
    .describe('lineage of the key that it is about; for most keys the id itself'),
});
export type LiveIncident = z.infer<typeof LiveIncident>;

export const LivePipeline = z.object({
  at: Time,
  stored_until: Time.nullable(),
  behind_seconds: z.number().nullable(),
});
export type LivePipeline = z.infer<typeof LivePipeline>;

export const liveRoutes = [
  defineRoute({
    id: 'live',
    method: 'get',
    path: '/v1/live',
    tag: 'live',
    access: 'read',
    summary: 'What happens, as it happens (server-sent events)',
    response: LiveIncident,
    streams: 'events',
  }),
] as const;
