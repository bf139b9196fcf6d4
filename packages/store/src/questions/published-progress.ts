import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { retiredUntil } from './live-streams.ts';

/** Of a stream that was retired, what came until then is stored. */
const until = `if(argMax(stored_until, at) < ${retiredUntil}, argMax(stored_until, at), max(at))`;

/**
 * Per partition of a topic, how far ingest got: up to which arrival it said that everything is stored, and the offset
 * below which everything is stored. Progress is written now and then, so the rows that arrived since are looked at,
 * too; they lie in the newest parts.
 */
export const publishedProgress = defineQuestion({
  name: 'published-progress',
  sql: `
    SELECT partition, toUnixTimestamp64Milli(max(until)) AS stored_until, max(next) AS stored_below
    FROM (
        SELECT partition, ${until} AS until, max(offset) AS next
        FROM ingest_progress_v1 WHERE topic = {topic:String} GROUP BY partition
        UNION ALL
        SELECT _partition AS partition, fromUnixTimestamp64Milli(0::Int64, 'UTC') AS until, max(_offset) + 1 AS next
        FROM requests_raw_v1
        WHERE _topic = {topic:String} AND arrived_at >= (
            SELECT min(until)
            FROM (
                SELECT ${until} AS until
                FROM ingest_progress_v1 WHERE topic = {topic:String} GROUP BY partition
            ))
        GROUP BY partition
    )
    GROUP BY partition`,
  params: z.object({ topic: z.string() }),
  row: z.object({ partition: z.number(), stored_until: z.number(), stored_below: z.number() }),
});
