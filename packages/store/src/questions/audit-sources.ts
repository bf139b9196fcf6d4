import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Per partition, what arrived in a slice of time: rows, rows that differ in their place or their event, and offsets from
 * first to last.
 */
export const auditSources = defineQuestion({
  name: 'audit-sources',
  sql: `
    SELECT
        _topic AS topic, _partition AS partition,
        count() AS rows, uniqExact(_offset, _idx, cityHash64(key_id, ts, event_id)) AS events, uniqExact(_offset) AS offsets,
        min(_offset) AS first, max(_offset) AS last
    FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY topic, partition
    ORDER BY topic, partition
    SETTINGS max_bytes_before_external_group_by = 1000000000`,
  params: z.object({ from: z.int().describe('epoch ms'), to: z.int().describe('epoch ms') }),
  row: z.object({
    topic: z.string(),
    partition: z.number(),
    rows: z.number(),
    events: z.number(),
    offsets: z.number(),
    first: z.number(),
    last: z.number(),
  }),
});
