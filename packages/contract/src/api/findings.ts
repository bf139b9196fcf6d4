import * as z from 'zod';
import { Finding, Subject } from '../finding.ts';
import { Severity } from '../severity.ts';
import { PageQuery, pageOf, queryList, Time } from './page.ts';
import { defineRoute } from './route.ts';

export const FindingSummary = z.object({
  finding_id: z.string(),
  rule_id: z.string(),
  rule_version: z.int(),
  title: z.string(),
  subject: Subject,
  key_id: z.string().nullable(),
  account_id: z.string(),
  app_id: z.string(),
  window_from: Time,
  window_to: Time,
  detected_at: Time,
  score: z.number(),
  severity: Severity,
  detail: z.string().describe('observed beside expected, in words'),
  incident_id: z.string().nullable(),
});
export type FindingSummary = z.infer<typeof FindingSummary>;

export const FindingsQuery = PageQuery.extend({
  rule_id: z.string().max(64).optional(),
  key_id: z.string().max(256).optional(),
  account_id: z.string().max(256).optional(),
  severity: queryList(Severity),
  subject_kind: queryList(Subject.shape.kind),
  in_incident: z.enum(['yes', 'no']).optional(),
  from: Time.optional().describe('detected at or after'),
  to: Time.optional().describe('detected before'),
});

export const FindingDetail = z.object({
  finding: Finding,
  incident_id: z.string().nullable(),
  again: z
    .object({
      outcome: z.enum(['same', 'different', 'impossible']),
      reason: z.string().nullable(),
      differences: z.array(z.object({ what: z.string(), stored: z.unknown(), again: z.unknown() })),
    })
    .describe('the same rule on the same facts, judged again'),
});
export type FindingDetail = z.infer<typeof FindingDetail>;

export const findingRoutes = [
  defineRoute({
    id: 'listFindings',
    method: 'get',
    path: '/v1/findings',
    tag: 'findings',
    access: 'read',
    summary: 'What the rules saw, newest first',
    query: FindingsQuery,
    response: pageOf(FindingSummary),
    streams: 'export',
  }),
  defineRoute({
    id: 'getFinding',
    method: 'get',
    path: '/v1/findings/{finding_id}',
    tag: 'findings',
    access: 'read',
    summary: 'A finding with its evidence, judged again',
    params: z.object({ finding_id: z.string().length(32) }),
    response: FindingDetail,
  }),
] as const;
