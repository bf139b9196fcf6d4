import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Stored findings detected at or after a time, in the order of detection: to publish or recover them again. The table's
 * name stands before the column because the bare name means the number that is selected.
 */
export const findingsSince = defineQuestion({
  name: 'findings-since',
  sql: `
    SELECT
        toString(finding_id) AS finding_id, rule_id, rule_version, title, subject_kind, subject_id, key_id,
        account_id, app_id,
        toUnixTimestamp64Milli(window_from) AS window_from,
        toUnixTimestamp64Milli(window_to) AS window_to,
        toUnixTimestamp64Milli(detected_at) AS detected_at,
        score, severity, evidence
    FROM findings_v1 FINAL
    WHERE findings_v1.detected_at >= fromUnixTimestamp64Milli({since:Int64})
    ORDER BY detected_at, finding_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    finding_id: z.string(),
    rule_id: z.string(),
    rule_version: z.number(),
    title: z.string(),
    subject_kind: z.enum(['key', 'source', 'gateway', 'app', 'fleet']),
    subject_id: z.string(),
    key_id: z.string(),
    account_id: z.string(),
    app_id: z.string(),
    window_from: z.number(),
    window_to: z.number(),
    detected_at: z.number(),
    score: z.number(),
    severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
    evidence: z.string(),
  }),
});
