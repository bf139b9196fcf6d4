import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Ranges of offsets of one partition of which neither raw nor the dead letters have an element, and which are not
 * written down as lost either. Between two offsets, both inclusive; the ends themselves are looked at as well.
 */
export const auditHoles = defineQuestion({
  name: 'audit-holes',
  sql: `
    SELECT before + 1 AS from, next - 1 AS to
    FROM (
        SELECT next, lagInFrame(reach, 1, {first:Int64} - 1) OVER (ORDER BY next ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
        FROM (
            SELECT next, max(last) OVER (ORDER BY next ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS reach
            FROM (
                SELECT toInt64(_offset) AS next, toInt64(_offset) AS last FROM requests_raw_v1
                WHERE _topic = {topic:String} AND _partition = {partition:UInt16}
                  AND _offset BETWEEN {first:Int64} AND {last:Int64}
                UNION ALL
                SELECT toInt64(_offset) AS next, toInt64(_offset) AS last FROM dead_letters_v1
                WHERE _topic = {topic:String} AND _partition = {partition:UInt16}
                  AND _offset BETWEEN {first:Int64} AND {last:Int64}
                UNION ALL
                SELECT greatest(toInt64(from_offset), {first:Int64}) AS next, toInt64(to_offset) - 1 AS last FROM ingest_gaps_v1
                WHERE topic = {topic:String} AND partition = {partition:UInt16}
                  AND from_offset <= {last:Int64} AND to_offset > {first:Int64}
                UNION ALL
                SELECT {last:Int64} + 1 AS next, {last:Int64} + 1 AS last
            )
        )
    )
    WHERE next > before + 1
    ORDER BY from
    LIMIT 1000`,
  params: z.object({ topic: z.string(), partition: z.int(), first: z.int(), last: z.int() }),
  row: z.object({ from: z.number(), to: z.number() }),
});
