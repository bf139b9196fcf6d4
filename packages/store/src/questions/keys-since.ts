import * as z from 'zod';
import { defineQuestion } from '../question.ts';

const time = z.string().nullable();

/**
 * Records of keys that were stored at or after a time; all keys from 0. Only the newest record of a key is among them,
 * so an older one that comes late is not.
 */
export const keysSince = defineQuestion({
  name: 'keys-since',
  sql: `
    SELECT
        key_id, lineage_id, account_id, app_id, name, owner, issuer, scopes, rate_limit, quota,
        formatDateTime(created_at, '%FT%TZ', 'UTC') AS created_at,
        formatDateTime(expires_at, '%FT%TZ', 'UTC') AS expires_at,
        formatDateTime(rotated_at, '%FT%TZ', 'UTC') AS rotated_at,
        formatDateTime(revoked_at, '%FT%TZ', 'UTC') AS revoked_at,
        status, protected, tags, secret_fingerprints, toUnixTimestamp64Milli(keys_v1.stored_at) AS stored_at
    FROM keys_v1 FINAL
    WHERE keys_v1.stored_at >= fromUnixTimestamp64Milli({since:Int64})
    ORDER BY key_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    key_id: z.string(),
    lineage_id: z.string(),
    account_id: z.string(),
    app_id: z.string(),
    name: z.string(),
    owner: z.string(),
    issuer: z.string(),
    scopes: z.array(z.string()),
    rate_limit: z.number().nullable(),
    quota: z.number().nullable(),
    created_at: time,
    expires_at: time,
    rotated_at: time,
    revoked_at: time,
    status: z.enum(['active', 'disabled', 'revoked', 'expired']),
    protected: z.boolean(),
    tags: z.record(z.string(), z.string()),
    secret_fingerprints: z.array(z.string()),
    stored_at: z.number(),
  }),
});
