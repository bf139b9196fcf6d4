import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * What false positives teach: for each incident that was resolved as one at or after a time, the rules that spoke in it
 * and the highest score of each. An incident that was reopened since teaches nothing; one that was withdrawn is among
 * them, with the time of that.
 */
export const lessons = defineQuestion({
  name: 'lessons',
  sql: `
    SELECT
        incident_id, subject_kind, subject_id, toUnixTimestamp64Milli(resolved_at) AS resolved_at,
        resolved.by AS by, rule_id, score,
        toUnixTimestamp64Milli(w.at) AS withdrawn_at
    FROM
    (
        SELECT
            incident_id,
            any(subject_kind) AS subject_kind,
            any(subject_id) AS subject_id,
            argMax(e.at, seq) AS resolved_at,
            argMax(kind, seq) AS last_kind,
            argMax(JSONExtractString(data, 'reason'), seq) AS reason,
            argMax(JSONExtractString(data, 'by'), seq) AS by
        FROM incident_events_v1 AS e
        WHERE kind IN ('opened', 'resolved', 'reopened', 'operation_not_effective')
        GROUP BY incident_id
        HAVING last_kind = 'resolved' AND reason = 'false_positive'
           AND resolved_at >= fromUnixTimestamp64Milli({since:Int64})
    ) AS resolved
    INNER JOIN
    (
        SELECT
            incident_id,
            JSONExtractString(data, 'finding', 'rule_id') AS rule_id,
            max(JSONExtractFloat(data, 'finding', 'score')) AS score
        FROM incident_events_v1
        WHERE kind = 'finding_added'
        GROUP BY incident_id, rule_id
    ) AS spoke USING (incident_id)
    LEFT JOIN lessons_withdrawn_v1 AS w FINAL USING (incident_id)
    ORDER BY resolved_at, incident_id, rule_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    incident_id: z.string(),
    subject_kind: z.string(),
    subject_id: z.string(),
    resolved_at: z.number(),
    by: z.string(),
    rule_id: z.string(),
    score: z.number(),
    withdrawn_at: z.number().describe('0 when it holds'),
  }),
});
