import * as z from 'zod';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

/** A line of the record of who did what. */
export const AuditLine = z.object({
  at: Time,
  chain: z.string(),
  seq: z.int(),
  kind: z.string(),
  actor: z.string(),
  incident_id: z.string().describe('empty when there is none'),
  data: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditLine = z.infer<typeof AuditLine>;

export const AuditQuery = PageQuery.extend({
  actor: z.string().max(128).optional().describe('beginning of it, such as `slack:`'),
  kind: z.string().max(64).optional(),
  incident_id: z.string().max(64).optional(),
  from: Time.optional(),
  to: Time.optional(),
});

export const AuditVerdict = z.object({
  whole: z.boolean(),
  chains: z.int(),
  lines: z.int(),
  faults: z.array(z.object({ chain: z.string(), seq: z.int(), fault: z.string(), detail: z.string() })),
  heads: z.array(z.object({ chain: z.string(), seq: z.int(), hash: z.string() })),
  checked_at: Time,
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

export const auditRoutes = [
  defineRoute({
    id: 'listAudit',
    method: 'get',
    path: '/v1/audit',
    tag: 'audit',
    access: 'read',
    summary: 'Who did what, newest first',
    query: AuditQuery,
    response: pageOf(AuditLine),
    streams: 'export',
  }),
  defineRoute({
    id: 'verifyAudit',
    method: 'get',
    path: '/v1/audit-verification',
    tag: 'audit',
    access: 'read',
    summary: 'Whether the record is whole: no line edited, taken out or put in',
    response: AuditVerdict,
  }),
] as const;
