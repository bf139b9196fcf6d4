import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** How incidents stand, in figures, at a time. */
export const incidentCounts = defineQuestion({
  name: 'incident-counts',
  sql: `
    SELECT
        countIf(state != 'resolved') AS open,
        countIf(state != 'resolved' AND severity = 'critical') AS critical,
        countIf(state != 'resolved' AND severity = 'high') AS high,
        countIf(state = 'open') AS unattended,
        countIf(opened_at >= day) AS opened_24h,
        countIf(closed_at >= day) AS resolved_24h,
        quantileExactIfOrNull(0.5)(dateDiff('second', opened_at, acknowledged_at), acknowledged_at IS NOT NULL AND opened_at >= week)
            AS seconds_to_acknowledge,
        fromUnixTimestamp64Milli({now:Int64} - 86400000) AS day,
        fromUnixTimestamp64Milli({now:Int64} - 604800000) AS week
    FROM incidents`,
  params: z.object({ now: z.int().describe('epoch ms') }),
  row: z.object({
    open: z.number(),
    critical: z.number(),
    high: z.number(),
    unattended: z.number(),
    opened_24h: z.number(),
    resolved_24h: z.number(),
    seconds_to_acknowledge: z.number().nullable(),
  }),
});
