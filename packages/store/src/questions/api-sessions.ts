import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** The session of a cookie's hash; no row when there is none. Times are epoch ms. */
export const apiSession = defineQuestion({
  name: 'api-session',
  sql: `
    SELECT
        session_hash, person, name, role, scopes, csrf,
        toUnixTimestamp64Milli(s.created_at) AS created_at,
        toUnixTimestamp64Milli(s.expires_at) AS expires_at,
        toUnixTimestamp64Milli(s.ended_at) AS ended_at
    FROM api_sessions_v1 AS s FINAL
    WHERE session_hash = {session_hash:String}`,
  params: z.object({ session_hash: z.string() }),
  row: z.object({
    session_hash: z.string(),
    person: z.string(),
    name: z.string(),
    role: z.enum(['', 'viewer', 'analyst', 'responder', 'admin']),
    scopes: z.array(z.enum(['read', 'triage', 'act', 'admin', 'emit'])),
    csrf: z.string(),
    created_at: z.number(),
    expires_at: z.number(),
    ended_at: z.number().nullable(),
  }),
});

/** Whether anybody ever signed in as admin, or made a token that may give access: then the first start is over. */
export const adminsKnown = defineQuestion({
  name: 'admins-known',
  sql: `
    SELECT
        (SELECT count() FROM api_sessions_v1 WHERE has(scopes, 'admin'))
        + (SELECT count() FROM audit_v1 WHERE kind = 'signed_in' AND has(JSONExtract(data, 'scopes', 'Array(String)'), 'admin'))
        + (SELECT count() FROM api_tokens_v1 WHERE kind = 'token' AND has(scopes, 'admin')) AS known`,
  params: z.object({}),
  row: z.object({ known: z.number() }),
});
