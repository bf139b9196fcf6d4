import * as z from 'zod';
import { keyStatuses } from '../key-record.ts';
import { Severity } from '../severity.ts';
import { PageQuery, pageOf, queryList, Time } from './page.ts';
import { defineRoute } from './route.ts';
import { SeriesQuery, UsageSeries } from './series.ts';

/** What is worth tidying up about a key. */
export const hygieneIssues = [
  'never_used',
  'unused_30_days',
  'unused_scopes',
  'rotation_overdue',
  'no_expiry',
  'no_owner',
  'unregistered',
  'expired_in_use',
] as const;
export const HygieneIssue = z.enum(hygieneIssues);
export type HygieneIssue = z.infer<typeof HygieneIssue>;

const keyHead = {
  key_id: z.string(),
  lineage_id: z.string().describe('stays the same over rotations'),
  account_id: z.string(),
  app_id: z.string(),
  name: z.string(),
  owner: z.string(),
  status: z.enum([...keyStatuses, 'unregistered']).describe('`unregistered`: used, but no issuer told of it'),
  protected: z.boolean(),
  scopes: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  created_at: Time.nullable(),
  expires_at: Time.nullable(),
  rotated_at: Time.nullable(),
  revoked_at: Time.nullable(),
  first_used_at: Time.nullable(),
  last_used_at: Time.nullable().describe('last request, accepted or not'),
  last_accepted_at: Time.nullable(),
};

export const KeySummary = z.object({
  ...keyHead,
  requests_24h: z.number(),
  denied_24h: z.number(),
  hours_24h: z.array(z.number()).length(24).describe('requests of the past 24 hours, oldest first'),
  open_incident: z.object({ incident_id: z.string(), severity: Severity }).nullable().describe('the worst'),
});
export type KeySummary = z.infer<typeof KeySummary>;

export const KeysQuery = PageQuery.extend({
  q: z
    .string()
    .max(256)
    .optional()
    .describe('beginning or last four of the id, or a part of name, owner, account, application or tag'),
  status: queryList(z.enum([...keyStatuses, 'unregistered'])),
  account_id: z.string().max(256).optional(),
  app_id: z.string().max(256).optional(),
  owner: z.string().max(256).optional(),
  tag: z.string().max(321).optional().describe('`name` or `name:value`'),
  hygiene: HygieneIssue.optional(),
  sort: z.enum(['key_id', 'last_used_at', 'created_at', 'requests_24h']).default('last_used_at'),
  order: z.enum(['asc', 'desc']).default('desc'),
});

export const KeyDetail = z.object({
  ...keyHead,
  issuer: z.string(),
  rate_limit: z.number().nullable().describe('requests a minute'),
  quota: z.number().nullable().describe('requests a month'),
  lineage: z
    .array(
      z.object({
        key_id: z.string(),
        status: z.string(),
        created_at: Time.nullable(),
        last_used_at: Time.nullable(),
      }),
    )
    .describe('every key of the lineage, this one among them'),
  lifecycle: z
    .array(z.object({ at: Time, what: z.string(), detail: z.string() }))
    .describe('created, first used, rotated, stopped, enabled …, oldest first'),
  hygiene: z.array(z.object({ issue: HygieneIssue, advice: z.string() })),
  peers: z.object({ app_id: z.string(), keys: z.int() }).describe('keys of the same application'),
  open_incidents: z.array(z.object({ incident_id: z.string(), severity: Severity, title: z.string() })),
});
export type KeyDetail = z.infer<typeof KeyDetail>;

const share = z.number().describe('of the requests in the span, 0 to 1');
const use = {
  requests: z.number(),
  accepted: z.number(),
  denied: z.number(),
  share,
  first_at: Time.describe('in the span'),
  last_at: Time,
  is_new: z.boolean().describe('not used in the 14 days before the span'),
};

/** What a key did in a span, by what people ask about. Each list is cut at `listed_max`, the totals are whole. */
export const KeyActivity = z.object({
  from: Time,
  to: Time,
  requests: z.number(),
  listed_max: z.int(),
  totals: z.object({
    endpoints: z.int(),
    networks: z.int(),
    countries: z.int(),
    agents: z.int(),
    objects: z.int().describe('different paths'),
  }),
  endpoints: z.array(
    z.object({ method: z.string(), route: z.string(), granted: z.boolean().nullable(), ...use }),
  ),
  networks: z.array(z.object({ network: z.string(), asn: z.int(), country: z.string(), ...use })),
  agents: z.array(
    z.object({ agent_family: z.string(), sample: z.string().describe('as sent; data'), ...use }),
  ),
  statuses: z.array(z.object({ status: z.int(), requests: z.number(), share })),
});
export type KeyActivity = z.infer<typeof KeyActivity>;

export const KeyGrants = z.object({
  registered: z.boolean().describe('false: no issuer told the scopes, so nothing can be said'),
  scopes: z.array(
    z.object({
      scope: z.string(),
      used: z.boolean(),
      last_used_at: Time.nullable(),
      endpoints: z
        .array(z.object({ method: z.string(), route: z.string(), last_accepted_at: Time.nullable() }))
        .describe('endpoints of the scope that the key was let into'),
    }),
  ),
  outside: z
    .array(
      z.object({
        method: z.string(),
        route: z.string(),
        last_accepted_at: Time.nullable().describe('not null: a hole in enforcement'),
        last_refused_at: Time.nullable(),
      }),
    )
    .describe('endpoints that no scope of the key covers and that it tried'),
});
export type KeyGrants = z.infer<typeof KeyGrants>;

const Path = z.object({ key_id: z.string().min(1).max(256) });

export const keyRoutes = [
  defineRoute({
    id: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    tag: 'keys',
    access: 'read',
    summary: 'Search the keys',
    query: KeysQuery,
    response: pageOf(KeySummary),
    streams: 'export',
  }),
  defineRoute({
    id: 'getKey',
    method: 'get',
    path: '/v1/keys/{key_id}',
    tag: 'keys',
    access: 'read',
    summary: 'What is known about a key',
    params: Path,
    response: KeyDetail,
    etag: true,
  }),
  defineRoute({
    id: 'getKeyUsage',
    method: 'get',
    path: '/v1/keys/{key_id}/usage',
    tag: 'keys',
    access: 'read',
    summary: 'Requests of a key over time, with the band that the detector expects',
    params: Path,
    query: SeriesQuery,
    response: UsageSeries,
  }),
  defineRoute({
    id: 'getKeyActivity',
    method: 'get',
    path: '/v1/keys/{key_id}/activity',
    tag: 'keys',
    access: 'read',
    summary: 'Endpoints, networks, agents and statuses of a key in a span of at most 31 days',
    params: Path,
    query: SeriesQuery.pick({ from: true, to: true }),
    response: KeyActivity,
  }),
  defineRoute({
    id: 'getKeyGrants',
    method: 'get',
    path: '/v1/keys/{key_id}/grants',
    tag: 'keys',
    access: 'read',
    summary: 'Which of its scopes a key uses, and what it tried outside of them',
    params: Path,
    response: KeyGrants,
  }),
] as const;
