import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Entries of incident logs at or after a time, oldest first: what a live view shows. Narrow columns only. */
export const liveEvents = defineQuestion({
  name: 'live-events',
  sql: `
    SELECT incident_id, seq, toUnixTimestamp64Milli(e.at) AS at, kind,
        if(subject_kind = 'key', subject_id, '') AS lineage_id
    FROM incident_events_v1 AS e
    WHERE e.at >= fromUnixTimestamp64Milli({since:Int64})
    ORDER BY e.at, incident_id, seq
    LIMIT {rows:UInt32}`,
  params: z.object({ since: z.int().describe('epoch ms'), rows: z.int().positive() }),
  row: z.object({
    incident_id: z.string(),
    seq: z.number(),
    at: z.number(),
    kind: z.string(),
    lineage_id: z.string(),
  }),
});
