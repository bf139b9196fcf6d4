import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * What gateways say of themselves, one row a gateway that was heard of since a time: its current run, which is the one that
 * began last, and what all its runs since then have lost. Times are epoch ms.
 */
export const gatewayRuns = defineQuestion({
  name: 'gateway-runs',
  sql: `
    SELECT
        gateway,
        toUnixTimestamp64Milli(max(r.started_at)) AS started_at,
        toUnixTimestamp64Milli(argMax(r.heard_at, r.started_at)) AS heard_at,
        argMax(ifNull(toUnixTimestamp64Milli(r.overdue_at), 0), r.started_at) AS overdue_at,
        argMax(r.emitted, r.started_at) AS emitted,
        argMax(r.waiting, r.started_at) AS waiting,
        count() AS runs,
        sumMap(r.dropped) AS dropped
    FROM gateway_runs AS r
    WHERE r.heard_at >= fromUnixTimestamp64Milli({since:Int64})
    GROUP BY gateway ORDER BY gateway`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    gateway: z.string(),
    started_at: z.number(),
    heard_at: z.number(),
    overdue_at: z.number().describe('without another heartbeat it is overdue from then on; 0: it was closed'),
    emitted: z.number(),
    waiting: z.number(),
    runs: z.number(),
    dropped: z.record(z.string(), z.number()).describe('by reason, since each run began'),
  }),
});

/** The runs that were heard of since a time and have lost events. */
export const gatewayLosses = defineQuestion({
  name: 'gateway-losses',
  sql: `
    SELECT
        gateway, toUnixTimestamp64Milli(r.started_at) AS started_at, toUnixTimestamp64Milli(r.heard_at) AS heard_at, r.dropped AS dropped
    FROM gateway_runs AS r
    WHERE r.heard_at >= fromUnixTimestamp64Milli({since:Int64}) AND notEmpty(r.dropped)`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    gateway: z.string(),
    started_at: z.number(),
    heard_at: z.number(),
    dropped: z.record(z.string(), z.number()),
  }),
});
