import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Rows that count although the same event counts from another place: copies that two members of ingest took in at
 * almost the same moment. Of each event the copy that arrived first is left out; the others are named.
 */
export const auditRepeats = defineQuestion({
  name: 'audit-repeats',
  sql: `
    SELECT key_id, toUnixTimestamp64Milli(ts) AS at, topic, partition, offset, idx
    FROM (
        SELECT key_id, ts, arraySort(groupArray((arrived_at, _topic, _partition, _offset, _idx))) AS copies
        FROM requests_raw_v1
        WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
          AND is_repeat = 0 AND cityHash64(key_id, ts, event_id) IN (
            SELECT cityHash64(key_id, ts, event_id) AS event
            FROM requests_raw_v1
            WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64})
              AND arrived_at < fromUnixTimestamp64Milli({to:Int64}) AND is_repeat = 0
            GROUP BY event
            HAVING uniqExact(_topic, _partition, _offset, _idx) > 1
        )
        GROUP BY key_id, ts, event_id
    )
    ARRAY JOIN
        arraySlice(copies, 2).2 AS topic, arraySlice(copies, 2).3 AS partition,
        arraySlice(copies, 2).4 AS offset, arraySlice(copies, 2).5 AS idx
    LIMIT 10000
    SETTINGS max_bytes_before_external_group_by = 1000000000`,
  params: z.object({ from: z.int().describe('epoch ms'), to: z.int().describe('epoch ms') }),
  row: z.object({
    key_id: z.string(),
    at: z.number(),
    topic: z.string(),
    partition: z.number(),
    offset: z.number(),
    idx: z.number(),
  }),
});
export type UnmarkedRepeat = z.infer<(typeof auditRepeats)['row']>;
