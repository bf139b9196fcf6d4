import * as z from 'zod';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

/** How the path of events is: what arrives, what is stored, what is judged. */
export const PipelineHealth = z.object({
  as_of: Time,
  healthy: z.boolean(),
  faults: z.array(z.string()).describe('in words; empty when healthy'),
  stored_until: Time.nullable().describe(
    'everything that arrived before is stored; null: nothing was ever taken in',
  ),
  behind_seconds: z.number().nullable(),
  events: z.object({ last_5_min: z.number(), last_hour: z.number(), last_24_h: z.number() }),
  partitions: z.array(
    z.object({
      topic: z.string(),
      partition: z.int(),
      offset: z.number(),
      lag: z.number().describe('records'),
      stored_until: Time,
      reported_at: Time,
    }),
  ),
  detectors: z.array(
    z.object({ shard: z.int(), judged_until: Time, published_until: Time, reported_at: Time }),
  ),
  gateways: z.array(
    z.object({
      gateway: z.string(),
      last_event_at: Time.nullable().describe('null: none in 24 h'),
      events_hour: z.number(),
      events_24h: z.number(),
      missing_24h: z.number().nullable().describe('gaps in its running numbers; null: it sends none'),
      blind: z
        .boolean()
        .describe(
          'events are missing: it is silent for longer than it ever is, without saying that it is idle',
        ),
      heartbeat: z
        .object({
          last_at: Time,
          state: z.enum(['alive', 'overdue', 'closed']),
          started_at: Time.describe('when its current run began'),
          emitted: z.number().describe('events that it was given since then'),
          waiting: z.number().describe('events that it could not send yet'),
          runs_24h: z.int().describe('how often it was started, of what was heard of in 24 h'),
          dropped: z
            .record(z.string(), z.number())
            .describe('events that it says it lost, by reason, since each of these runs began'),
        })
        .nullable()
        .describe('what it says of itself; null: it sends no heartbeats'),
    }),
  ),
  gaps: z
    .array(
      z.object({
        topic: z.string(),
        partition: z.int(),
        from_offset: z.number(),
        to_offset: z.number(),
        at: Time,
      }),
    )
    .describe('events that were gone before they were read, newest first, at most 100'),
  dead_letters_24h: z.array(z.object({ reason: z.string(), count: z.number() })),
});
export type PipelineHealth = z.infer<typeof PipelineHealth>;

export const DeadLetter = z.object({
  at: Time,
  reason: z.string(),
  detail: z.string(),
  original: z.string().describe('the element, redacted; text of others'),
  place: z.string().describe('topic/partition/offset/index'),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const pipelineRoutes = [
  defineRoute({
    id: 'getPipelineHealth',
    method: 'get',
    path: '/v1/pipeline',
    tag: 'pipeline',
    access: 'read',
    summary: 'What arrives, what is stored, what is judged, which gateways are silent',
    response: PipelineHealth,
  }),
  defineRoute({
    id: 'listDeadLetters',
    method: 'get',
    path: '/v1/dead-letters',
    tag: 'pipeline',
    access: 'read',
    summary: 'Events that could not be used, newest first',
    query: PageQuery.extend({
      reason: z.string().max(64).optional(),
      from: Time.optional(),
      to: Time.optional(),
    }),
    response: pageOf(DeadLetter),
    streams: 'export',
  }),
] as const;
