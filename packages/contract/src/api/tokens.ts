import * as z from 'zod';
import { Scope } from './access.ts';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

/** A token without its secret, which nobody keeps. */
export const Token = z.object({
  token_id: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  created_at: Time,
  created_by: z.string(),
  expires_at: Time.nullable(),
  last_used_at: Time.nullable().describe('to the minute'),
  state: z.enum(['active', 'rotating', 'expired', 'revoked']),
  old_secret_until: Time.nullable().describe('while it rotates: how long the secret before still works'),
});
export type Token = z.infer<typeof Token>;

export const NewToken = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  expires_in_days: z.int().min(1).max(3_650).nullable().default(90).describe('null: never'),
});
export type NewToken = z.infer<typeof NewToken>;

export const RotateToken = z.object({
  overlap_minutes: z
    .int()
    .min(0)
    .max(30 * 24 * 60)
    .default(24 * 60)
    .describe('how long the old secret still works'),
});

export const TokenWithSecret = z.object({
  token: Token,
  secret: z.string().describe('shown this once: `tripkey_…`'),
});
export type TokenWithSecret = z.infer<typeof TokenWithSecret>;

const Path = z.object({ token_id: z.string().min(8).max(64) });
const admin = { tag: 'tokens', access: 'admin' } as const;

export const tokenRoutes = [
  defineRoute({
    ...admin,
    id: 'listTokens',
    method: 'get',
    path: '/v1/tokens',
    summary: 'Tokens, newest first',
    query: PageQuery,
    response: pageOf(Token),
    streams: 'export',
  }),
  defineRoute({
    ...admin,
    id: 'createToken',
    method: 'post',
    path: '/v1/tokens',
    summary: 'Make a token; its secret is shown once',
    body: NewToken,
    response: TokenWithSecret,
    status: 201,
  }),
  defineRoute({
    ...admin,
    id: 'rotateToken',
    method: 'post',
    path: '/v1/tokens/{token_id}/rotate',
    summary: 'Give a token a new secret; the old one works on for a while',
    params: Path,
    body: RotateToken,
    response: TokenWithSecret,
    status: 201,
  }),
  defineRoute({
    ...admin,
    id: 'revokeToken',
    method: 'delete',
    path: '/v1/tokens/{token_id}',
    summary: 'End a token now',
    params: Path,
    response: Token,
    status: 200,
  }),
] as const;
