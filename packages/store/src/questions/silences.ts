import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Silences that end at or after a time, and how many incidents each of them hid, the newest first. */
export const silences = defineQuestion({
  name: 'silences',
  sql: `
    SELECT
        silence_id, toUnixTimestamp64Milli(s.created_at) AS created_at, toUnixTimestamp64Milli(s.until) AS until,
        by, reason, key_id, account_id, rule_id, hid
    FROM silences_v1 AS s FINAL
    LEFT JOIN
    (
        SELECT JSONExtractString(data, 'silence_id') AS silence_id, toUInt32(uniqExact(incident_id)) AS hid
        FROM incident_events_v1 WHERE kind = 'silenced' GROUP BY silence_id
    ) AS hidden USING (silence_id)
    WHERE s.until >= fromUnixTimestamp64Milli({since:Int64})
    ORDER BY s.created_at DESC, silence_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    silence_id: z.string(),
    created_at: z.number(),
    until: z.number(),
    by: z.string(),
    reason: z.string(),
    key_id: z.string(),
    account_id: z.string(),
    rule_id: z.string(),
    hid: z.number(),
  }),
});
