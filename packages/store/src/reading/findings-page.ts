import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { findingColumns, StoredFinding } from '../questions/finding-columns.ts';

/** A page of findings, newest first; of one incident, or of any. The evidence is read for the page alone. */
export const findingsPage = defineQuestion({
  name: 'findings-page',
  sql: `
    SELECT ${findingColumns}
    FROM findings_v1 FINAL
    WHERE findings_v1.finding_id IN (
        SELECT finding_id FROM (
            SELECT f.finding_id AS finding_id, toUnixTimestamp64Milli(max(f.detected_at)) AS detected
            FROM findings_v1 AS f
            WHERE f.detected_at >= fromUnixTimestamp64Milli({from:Int64}) AND f.detected_at < fromUnixTimestamp64Milli({to:Int64})
              AND ({rule_id:String} = '' OR rule_id = {rule_id:String})
              AND ({key_id:String} = '' OR key_id = {key_id:String})
              AND ({account_id:String} = '' OR account_id = {account_id:String})
              AND (empty({severity:Array(String)}) OR has({severity:Array(String)}, toString(severity)))
              AND (empty({subject_kind:Array(String)}) OR has({subject_kind:Array(String)}, toString(subject_kind)))
              AND ({incident_id:String} = '' OR toString(f.finding_id) IN (
                  SELECT JSONExtractString(data, 'finding', 'finding_id') FROM incident_events_v1
                  WHERE incident_id = {incident_id:String} AND kind = 'finding_added'))
              AND ({in_incident:String} = '' OR ({in_incident:String} = 'yes') = (toString(f.finding_id) IN (
                  SELECT JSONExtractString(data, 'finding', 'finding_id') FROM incident_events_v1 WHERE kind = 'finding_added')))
            GROUP BY finding_id
            HAVING {has_place:Bool} = 0 OR (detected, toString(finding_id)) < ({after_at:Int64}, {after_id:String})
            ORDER BY detected DESC, finding_id DESC
            LIMIT {rows:UInt32}))
    ORDER BY detected_at DESC, finding_id DESC`,
  params: z.object({
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms'),
    rule_id: z.string(),
    key_id: z.string(),
    account_id: z.string(),
    severity: z.array(z.string()),
    subject_kind: z.array(z.string()),
    incident_id: z.string(),
    in_incident: z.enum(['', 'yes', 'no']),
    has_place: z.boolean(),
    after_at: z.int(),
    after_id: z.string(),
    rows: z.int().positive(),
  }),
  row: StoredFinding,
});

/** The incidents that some findings are in. */
export const incidentsOfFindings = defineQuestion({
  name: 'incidents-of-findings',
  sql: `
    SELECT DISTINCT JSONExtractString(data, 'finding', 'finding_id') AS finding_id, incident_id
    FROM incident_events_v1
    WHERE kind = 'finding_added' AND finding_id IN ({findings:Array(String)})`,
  params: z.object({ findings: z.array(z.string()) }),
  row: z.object({ finding_id: z.string(), incident_id: z.string() }),
});

/** Windows of findings about a subject that lie in a span, strongest first. */
export const flaggedWindows = defineQuestion({
  name: 'flagged-windows',
  sql: `
    SELECT
        toString(f.finding_id) AS finding_id, rule_id, severity,
        toUnixTimestamp64Milli(f.window_from) AS window_from, toUnixTimestamp64Milli(f.window_to) AS window_to
    FROM findings_v1 AS f FINAL
    WHERE subject_kind = {subject_kind:String} AND subject_id = {subject_id:String}
      AND f.window_to > fromUnixTimestamp64Milli({from:Int64}) AND f.window_from < fromUnixTimestamp64Milli({to:Int64})
    ORDER BY score DESC, finding_id LIMIT 500`,
  params: z.object({ subject_kind: z.string(), subject_id: z.string(), from: z.int(), to: z.int() }),
  row: z.object({
    finding_id: z.string(),
    rule_id: z.string(),
    severity: z.string(),
    window_from: z.number(),
    window_to: z.number(),
  }),
});
