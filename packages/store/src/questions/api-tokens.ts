import * as z from 'zod';
import { defineQuestion } from '../question.ts';

const time = z.number();

/** Every token of the API, those that have ended among them; there are few. Times are epoch ms. */
export const apiTokens = defineQuestion({
  name: 'api-tokens',
  sql: `
    SELECT
        token_id, kind, name, scopes, hash, old_hash,
        toUnixTimestamp64Milli(t.old_until) AS old_until,
        toUnixTimestamp64Milli(t.created_at) AS created_at,
        created_by,
        toUnixTimestamp64Milli(t.expires_at) AS expires_at,
        toUnixTimestamp64Milli(t.revoked_at) AS revoked_at,
        toUnixTimestamp64Milli(t.version) AS changed_at,
        toUnixTimestamp64Milli(used.at) AS used_at
    FROM api_tokens_v1 AS t FINAL
    LEFT JOIN (SELECT token_id, max(used_at)::Nullable(DateTime64(3, 'UTC')) AS at FROM api_token_use_v1 GROUP BY token_id) AS used
    USING (token_id)
    ORDER BY t.created_at DESC, token_id
    SETTINGS join_use_nulls = 1`,
  params: z.object({}),
  row: z.object({
    token_id: z.string(),
    kind: z.enum(['token', 'link']),
    name: z.string(),
    scopes: z.array(z.enum(['read', 'triage', 'act', 'admin', 'emit'])),
    hash: z.string(),
    old_hash: z.string(),
    old_until: time,
    created_at: time,
    created_by: z.string(),
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    changed_at: time,
    used_at: time.nullable(),
  }),
});
