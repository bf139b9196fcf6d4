import { scopesOf } from '@tripkey/contract/api';
import type { StoredToken, TokenBook } from '@tripkey/store';
import type { Request } from 'express';
import type { ApiSettings } from '../config.ts';
import { ApiProblem, unauthenticated } from '../http/api-problem.ts';
import type { Caller } from './caller.ts';
import { type Cookies, sessionCookie } from './cookies.ts';
import { readProxyUser, roleOf } from './proxy-users.ts';
import { sameText } from './same-text.ts';
import type { SessionBook } from './session-book.ts';

export interface Gatekeepers {
  readonly tokens: TokenBook;
  readonly sessions: SessionBook;
  readonly cookies: Cookies;
  readonly settings: ApiSettings;
  /** Whether an address is a trusted proxy's. */
  readonly isTrusted: (address: string | undefined) => boolean;
}

/**
 * Who calls: by token, else by a trusted proxy's word, else by cookie. Null when nobody is named.
 * @throws {ApiProblem} 401 when somebody is named by what does not work
 */
export async function authenticate(request: Request, keepers: Gatekeepers): Promise<Caller | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const token = secret === undefined ? null : await keepers.tokens.find(secret);
    if (!token) throw unauthenticated('the token is unknown, has ended or has expired');
    return callerOfToken(token);
  }
  const { proxyUsers } = keepers.settings;
  const told = proxyUsers ? readProxyUser(request, proxyUsers, keepers.isTrusted) : null;
  if (told) {
    const role = roleOf(told.groups, keepers.settings);
    if (role === null) throw noRole(told.id);
    const scopes = new Set(scopesOf(role));
    return {
      kind: 'person',
      id: `proxy:${told.id}`,
      name: told.name,
      role,
      scopes,
      csrf: proxiedCsrf,
      expiresAt: null,
    };
  }
  const cookie = keepers.cookies.get(request, sessionCookie);
  const session = cookie ? await keepers.sessions.find(cookie) : null;
  if (!session) return null;
  const { caller, begunAt } = session;
  const tokenId = caller.id.slice('token:'.length);
  if (caller.kind === 'token' && !(await keepers.tokens.isLive(tokenId, begunAt))) return null;
  return caller;
}

/**
 * What a console behind a proxy sends back. It is no secret: other sites cannot send the header at all without a
 * preflight, which is never answered.
 */
const proxiedCsrf = 'same-origin';

export function callerOfToken({ token_id, name, scopes, expires_at }: StoredToken): Caller {
  return {
    kind: 'token',
    id: `token:${token_id}`,
    name,
    role: null,
    scopes: new Set(scopes),
    csrf: null,
    expiresAt: expires_at,
  };
}

export function noRole(person: string): ApiProblem {
  return new ApiProblem(
    403,
    'api.forbidden',
    'No role',
    `${person} has no role here; an admin gives one by a group`,
  );
}

/**
 * Keeps other sites from using somebody's cookie: what changes something has to bring the session's own word back, and a
 * browser must not say that another site sent it.
 * @throws {ApiProblem} 403
 */
export function checkCsrf(request: Request, caller: Caller | null): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (isForeign(request)) throw csrf('it was sent by another site');
  if (!caller || caller.csrf === null) return;
  const sent = request.get('x-csrf-token');
  if (!sent || !sameText(sent, caller.csrf)) throw csrf('X-CSRF-Token is not that of the session');
}

/** Whether a browser says that another site sent a request. */
export function isForeign(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function csrf(why: string): ApiProblem {
  return new ApiProblem(403, 'api.csrf', 'Not taken', `the request changes something, and ${why}`);
}
