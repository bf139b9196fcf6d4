import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Requests of one key in equal buckets of a span, on its day (`days_ago` 0) and at the same time of the days before.
 * Buckets without a request have no row.
 */
export const usageByBucket = defineQuestion({
  name: 'usage-by-bucket',
  sql: `
    WITH
        toInt64(toUnixTimestamp(u.minute)) - {from_s:Int64} AS after_s,
        toInt64(ceil(greatest(0, -after_s) / 86400)) AS ago
    SELECT
        toUInt32(ago) AS days_ago,
        toUInt32(intDiv(after_s + ago * 86400, {bucket_s:Int64})) AS bucket,
        sum(u.requests) AS requests
    FROM usage_per_minute_v1 AS u
    WHERE key_id = {key_id:String}
      AND u.minute >= toDateTime({from_s:Int64} - {days:Int64} * 86400, 'UTC')
      AND u.minute < toDateTime({from_s:Int64} + {buckets:Int64} * {bucket_s:Int64}, 'UTC')
      AND after_s + ago * 86400 < {buckets:Int64} * {bucket_s:Int64}
    GROUP BY days_ago, bucket
    ORDER BY days_ago, bucket`,
  params: z.object({
    key_id: z.string(),
    from_s: z.int().describe('start of the span, epoch seconds'),
    bucket_s: z.int().positive(),
    buckets: z.int().positive(),
    days: z.int().nonnegative(),
  }),
  row: z.object({ days_ago: z.number(), bucket: z.number(), requests: z.number() }),
});
