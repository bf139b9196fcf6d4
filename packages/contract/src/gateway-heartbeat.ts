import * as z from 'zod';

/** Reasons that one heartbeat may name. */
const reasonsMax = 16;

const time = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();

/**
 * What the emitter of a gateway says of itself (GatewayHeartbeat v1, JSON, snake_case): that it lives, and what became of
 * the events it was given. Unknown fields are ignored.
 *
 * Counts run from `started_at`, so each heartbeat says all that those before it said: one that is lost or comes twice
 * does no harm, and of one gateway and `started_at` the one with the latest `sent_at` counts.
 */
export const GatewayHeartbeat = z.object({
  gateway: z.string().min(1).max(128).describe('which gateway instance, as in its events'),
  started_at: time.describe('when this run of the emitter began; a restart begins another'),
  sent_at: time.describe("on the gateway's clock; grows from one heartbeat of a run to the next"),
  every_s: z.number().positive().max(86_400).describe('how often one comes, seconds'),
  emitted: count.describe('events it was given'),
  sent: count.describe('events that are safely with somebody else'),
  waiting: count.describe('events that wait or are under way'),
  retries: count.describe('attempts to send that failed'),
  dropped: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), count)
    .refine((dropped) => Object.keys(dropped).length <= reasonsMax, `names at most ${reasonsMax} reasons`)
    .describe(
      'events that were lost, by reason: buffer_full, invalid, refused, closed, or the own ones of others',
    ),
  emitter: z.string().max(128).optional().describe('name and version of what emits'),
  ended: z.boolean().default(false).describe('the emitter was closed: no heartbeat of this run follows'),
});
export type GatewayHeartbeat = z.infer<typeof GatewayHeartbeat>;
