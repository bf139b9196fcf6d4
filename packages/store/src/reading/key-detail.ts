import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { KeyBookRow, keyBook, keyBookColumns } from './key-book.ts';
import { issuesOfKey, keyHygiene } from './key-hygiene.ts';

/** What is known about one key; no row when nobody told of it and nobody used it. */
export const keyDetail = defineQuestion({
  name: 'key-detail',
  sql: `
    SELECT ${keyBookColumns}, issuer, rate_limit, quota, unused_scopes, ${issuesOfKey} AS issues
    FROM ${keyHygiene('key_id = {key_id:String}')} AS book`,
  params: z.object({ key_id: z.string(), now: z.int() }),
  row: KeyBookRow.extend({
    issuer: z.string(),
    rate_limit: z.number().nullable(),
    quota: z.number().nullable(),
    issues: z.array(z.string()),
    unused_scopes: z.array(z.string()),
  }),
});

/** The keys of a lineage, oldest first. */
export const lineageKeys = defineQuestion({
  name: 'lineage-keys',
  sql: `
    SELECT key_id, status, created_at, last_used_at
    FROM ${keyBook(`key_id IN (
        SELECT key_id FROM keys_v1 FINAL WHERE if(lineage_id = '', key_id, lineage_id) = {lineage_id:String})`)} AS book
    ORDER BY created_at, key_id`,
  params: z.object({ lineage_id: z.string(), now: z.int() }),
  row: KeyBookRow.pick({ key_id: true, status: true, created_at: true, last_used_at: true }),
});

/** How many keys an application has. */
export const appKeys = defineQuestion({
  name: 'app-keys',
  sql: 'SELECT count() AS keys FROM keys_v1 FINAL WHERE app_id = {app_id:String}',
  params: z.object({ app_id: z.string() }),
  row: z.object({ keys: z.number() }),
});

/** How many keys an issuer told of or were used. */
export const keysKnown = defineQuestion({
  name: 'keys-known',
  sql: 'SELECT count() AS keys FROM (SELECT key_id FROM keys_v1 UNION DISTINCT SELECT key_id FROM key_use_v1)',
  params: z.object({}),
  row: z.object({ keys: z.number() }),
});

/** Every endpoint that a key ever used, from when to when. Times are epoch ms, 0 for never. */
export const endpointsOfKey = defineQuestion({
  name: 'endpoints-of-key',
  sql: `
    SELECT
        method, route,
        toUnixTimestamp64Milli(ifNull(max(e.last_accepted_at), toDateTime64(0, 3, 'UTC'))) AS last_accepted_at,
        toUnixTimestamp64Milli(ifNull(max(e.last_refused_at), toDateTime64(0, 3, 'UTC'))) AS last_refused_at
    FROM endpoint_use_v1 AS e
    WHERE key_id = {key_id:String}
    GROUP BY method, route
    ORDER BY method, route`,
  params: z.object({ key_id: z.string() }),
  row: z.object({
    method: z.string(),
    route: z.string(),
    last_accepted_at: z.number(),
    last_refused_at: z.number(),
  }),
});
