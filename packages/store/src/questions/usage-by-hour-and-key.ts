import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Requests by hour, of some keys and (with an empty key) of all together: what share a key had at some time. */
export const usageByHourAndKey = defineQuestion({
  name: 'usage-by-hour-and-key',
  sql: `
    SELECT
        toUnixTimestamp(toStartOfHour(minute)) AS hour,
        if(has({key_ids:Array(String)}, u.key_id), u.key_id, '') AS key,
        sum(u.requests) AS requests
    FROM usage_per_minute_v1 AS u
    WHERE minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY hour, key
    ORDER BY hour, key`,
  params: z.object({
    key_ids: z.array(z.string()),
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms, not included'),
  }),
  row: z.object({ hour: z.number().describe('epoch s'), key: z.string(), requests: z.number() }),
});
