import * as z from 'zod';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

/** What people do not want to be told of for a while. Incidents, evidence and response go on. */
export const Silence = z.object({
  silence_id: z.string(),
  state: z.enum(['active', 'ended']),
  created_at: Time,
  until: Time,
  by: z.string(),
  reason: z.string(),
  key_id: z.string().describe('empty: any'),
  account_id: z.string().describe('empty: any'),
  rule_id: z.string().describe('empty: any'),
  hid: z.int().describe('incidents whose message it hid'),
});
export type Silence = z.infer<typeof Silence>;

export const NewSilence = z
  .object({
    minutes: z
      .int()
      .min(1)
      .max(30 * 24 * 60),
    reason: z.string().trim().min(1).max(300),
    key_id: z.string().max(256).default(''),
    account_id: z.string().max(256).default(''),
    rule_id: z.string().max(64).default(''),
  })
  .refine(({ key_id, account_id, rule_id }) => key_id || account_id || rule_id, {
    message: 'a silence names a key, an account or a rule: nothing hides everything',
  });
export type NewSilence = z.infer<typeof NewSilence>;

export const silenceRoutes = [
  defineRoute({
    id: 'listSilences',
    method: 'get',
    path: '/v1/silences',
    tag: 'silences',
    access: 'read',
    summary: 'Silences, newest first',
    query: PageQuery.extend({ state: z.enum(['active', 'ended', 'all']).default('active') }),
    response: pageOf(Silence),
    streams: 'export',
  }),
  defineRoute({
    id: 'addSilence',
    method: 'post',
    path: '/v1/silences',
    tag: 'silences',
    access: 'triage',
    summary: 'Hide messages about a key, an account or a rule for a while',
    body: NewSilence,
    response: Silence,
    status: 201,
    idempotent: true,
  }),
  defineRoute({
    id: 'endSilence',
    method: 'post',
    path: '/v1/silences/{silence_id}/end',
    tag: 'silences',
    access: 'triage',
    summary: 'End a silence now',
    params: z.object({ silence_id: z.string().min(8).max(64) }),
    response: Silence,
    idempotent: true,
  }),
] as const;
