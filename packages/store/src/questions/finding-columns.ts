import * as z from 'zod';

/** What is read of `findings_v1`; times as epoch ms. */
export const findingColumns = `
        toString(finding_id) AS finding_id, rule_id, rule_version, title, subject_kind, subject_id, key_id,
        account_id, app_id,
        toUnixTimestamp64Milli(window_from) AS window_from,
        toUnixTimestamp64Milli(window_to) AS window_to,
        toUnixTimestamp64Milli(detected_at) AS detected_at,
        score, severity, evidence`;

/** A row of these columns. */
export const StoredFinding = z.object({
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
});
export type StoredFinding = z.infer<typeof StoredFinding>;
