import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Requests by hour: of the keys that made more than a share of all requests in some hour, each by itself, and of all
 * others together (an empty key). Who made more than a share of a day made more than it in one of its hours, so the
 * answer stays small however many keys there are.
 */
export const usageByHourAndKey = defineQuestion({
  name: 'usage-by-hour-and-key',
  sql: `
    WITH by_hour AS (
        SELECT toStartOfHour(minute) AS hour, u.key_id AS key_id, sum(u.requests) AS of_key
        FROM usage_per_minute_v1 AS u
        WHERE minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
        GROUP BY hour, key_id)
    SELECT
        toUnixTimestamp(hour) AS hour_at,
        if(key_id IN (
            SELECT key_id FROM (SELECT key_id, of_key, sum(of_key) OVER (PARTITION BY hour) AS of_all FROM by_hour)
            WHERE of_key > {share_min:Float64} * of_all), key_id, '') AS key,
        sum(of_key) AS requests
    FROM by_hour
    GROUP BY hour_at, key
    ORDER BY hour_at, key`,
  params: z.object({
    share_min: z.number(),
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms, not included'),
  }),
  row: z.object({ hour_at: z.number().describe('epoch s'), key: z.string(), requests: z.number() }),
});
