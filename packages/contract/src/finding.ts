import * as z from 'zod';
import { Severity } from './severity.ts';

/** What a finding is about. `key`: a key lineage; `source`: a client network; `gateway`; `app`; `fleet`. */
export const Subject = z.object({
  kind: z.enum(['key', 'source', 'gateway', 'app', 'fleet']),
  id: z.string().min(1).max(256),
});
export type Subject = z.infer<typeof Subject>;

/** `kind:id`, the partition key of the findings topic and the identity that incidents group by. */
export function subjectKey(subject: Subject): string {
  return `${subject.kind}:${subject.id}`;
}

const time = z.iso.datetime();
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Why a rule fired, in numbers that anyone can get again. */
export const Evidence = z.object({
  observed: z.record(z.string(), z.union([scalar, z.array(scalar)])).describe('what was seen in the window'),
  expected: z
    .record(z.string(), z.union([scalar, z.array(scalar)]))
    .default({})
    .describe('what the baseline said'),
  quiet_at: scalar.optional().describe('nearest value of the decisive figure that would not have fired'),
  params: z.record(z.string(), scalar).default({}).describe("the rule's parameters when it fired"),
  sql: z.string().optional().describe('query that shows the raw events behind it'),
  facts: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('what the rule looked at, enough to judge again; absent when that was too much to keep'),
  allowed: z
    .object({
      incident_id: z.string().max(64),
      score: z.number().describe('highest score that was judged harmless'),
      until: time,
    })
    .optional()
    .describe(
      'a false positive that taught that this is harmless; score and severity are without weight then',
    ),
  samples: z
    .array(z.record(z.string(), scalar))
    .max(5)
    .default([])
    .describe('a few of the things seen; attacker-controlled text, always data'),
});
export type Evidence = z.infer<typeof Evidence>;

/** What one rule saw on one subject in one window (Finding v1). Equal input gives an equal `finding_id`. */
export const Finding = z.object({
  finding_id: z.string().length(32).describe('hash of rule, subject and window start'),
  rule_id: z.string().max(64),
  rule_version: z.int().positive(),
  title: z.string().max(200).describe('what happened, one clause, no attacker-controlled text'),
  subject: Subject,
  key_id: z.string().max(256).nullable().describe('the key as used; null when the subject is not a key'),
  account_id: z.string().max(256).default(''),
  app_id: z.string().max(256).default(''),
  window_from: time,
  window_to: time,
  detected_at: time.describe('when the detector knew, on its own clock'),
  score: z.number().nonnegative().describe('-log10 of the tail probability: 3 means one in a thousand'),
  severity: Severity,
  evidence: Evidence,
});
export type Finding = z.infer<typeof Finding>;
