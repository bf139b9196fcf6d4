import * as z from 'zod';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

/** A secret that a leak feed reported, as far as it is kept: never the secret. */
export const LeakReport = z.object({
  report_id: z.string(),
  reported_at: Time,
  feed: z.string(),
  secret_type: z.string().describe('what the feed takes it for'),
  place: z.string().describe('where it was found; text of strangers'),
  fingerprint: z.string().describe('keyed hash of the secret: reports of one secret have the same'),
  key_id: z.string().nullable().describe('whose secret it is; null: of no key that is known'),
  finding_id: z.string().nullable(),
});
export type LeakReport = z.infer<typeof LeakReport>;

export const leakRoutes = [
  defineRoute({
    id: 'listLeakReports',
    method: 'get',
    path: '/v1/leak-reports',
    tag: 'leaks',
    access: 'read',
    summary: 'Secrets that leak feeds reported, also those of no known key, newest first',
    query: PageQuery.extend({
      matched: z.enum(['yes', 'no']).optional().describe('whether a known key has the secret'),
      from: Time.optional(),
      to: Time.optional(),
    }),
    response: pageOf(LeakReport),
    streams: 'export',
  }),
] as const;
