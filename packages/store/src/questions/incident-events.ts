import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Every event of incidents that are open, or that had an event at or after a time. Asked when an alerter starts or
 * is given partitions; an incident is open when the last word on it is not `resolved`.
 */
export const incidentEvents = defineQuestion({
  name: 'incident-events',
  sql: `
    SELECT incident_id, seq, toUnixTimestamp64Milli(at) AS at, kind, subject_kind, subject_id, data
    FROM incident_events_v1 FINAL
    WHERE incident_id IN (
        SELECT incident_id
        FROM incident_events_v1
        GROUP BY incident_id
        HAVING max(incident_events_v1.at) >= fromUnixTimestamp64Milli({since:Int64})
            OR argMaxIf(kind, seq, kind IN ('opened', 'reopened', 'resolved', 'operation_not_effective')) != 'resolved')
    ORDER BY incident_id, seq`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    incident_id: z.string(),
    seq: z.number(),
    at: z.number(),
    kind: z.string(),
    subject_kind: z.string(),
    subject_id: z.string(),
    data: z.string(),
  }),
});
