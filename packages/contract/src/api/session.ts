import * as z from 'zod';
import { Role, Scope } from './access.ts';
import { Time } from './page.ts';
import { defineRoute } from './route.ts';

export const SignInOptions = z.object({
  oidc: z.object({ name: z.string(), url: z.string() }).nullable().describe('where single sign-on begins'),
  token: z.boolean().describe('an API token can be exchanged for a session: POST /v1/session'),
  proxy: z.boolean().describe('a proxy in front says who people are'),
});
export type SignInOptions = z.infer<typeof SignInOptions>;

export const Session = z.object({
  kind: z.enum(['person', 'token']),
  id: z.string().describe('as it stands in the audit log, such as `oidc:…` or `token:…`'),
  name: z.string(),
  role: Role.nullable().describe('null for tokens: they have scopes only'),
  scopes: z.array(Scope),
  csrf_token: z
    .string()
    .nullable()
    .describe('to be sent as `X-CSRF-Token` with everything but GET, where a cookie signs in'),
  expires_at: Time.nullable(),
});
export type Session = z.infer<typeof Session>;

export const SignInByToken = z.object({ token: z.string().min(20).max(200) });

export const sessionRoutes = [
  defineRoute({
    id: 'signInOptions',
    method: 'get',
    path: '/v1/sign-in-options',
    tag: 'session',
    access: 'anybody',
    summary: 'How people can sign in here',
    response: SignInOptions,
  }),
  defineRoute({
    id: 'getSession',
    method: 'get',
    path: '/v1/session',
    tag: 'session',
    access: 'signed_in',
    summary: 'Who I am and what I may do',
    response: Session,
  }),
  defineRoute({
    id: 'signInByToken',
    method: 'post',
    path: '/v1/session',
    tag: 'session',
    access: 'anybody',
    summary: 'Exchange an API token for a session cookie',
    body: SignInByToken,
    response: Session,
  }),
  defineRoute({
    id: 'signOut',
    method: 'delete',
    path: '/v1/session',
    tag: 'session',
    access: 'signed_in',
    summary: 'End my session',
    response: null,
    status: 204,
  }),
] as const;
