import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { QueryError } from './query-error.ts';
import { header } from './query-request.ts';

export interface User {
  /** Empty: no password is asked. */
  readonly password: string;
  /** May only read, within limits: see `read-only-gate.ts`. */
  readonly readOnly?: boolean;
  /** The product's tables that a read-only user may read, by their names alone; absent: all. */
  readonly openTables?: readonly string[];
}

export type Users = Readonly<Record<string, User>>;

/**
 * Who asks, by basic authentication, X-ClickHouse-User and -Key, or the URL.
 * @throws {QueryError} 516 when name and password do not fit.
 */
export function authenticate(request: IncomingMessage, url: URL, users: Users): { name: string; user: User } {
  const { name, password } = credentials(request, url);
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  const fits = timingSafeEqual(digest(password), digest(user?.password ?? ''));
  if (user === undefined || !fits) {
    throw new QueryError(516, 'AUTHENTICATION_FAILED', `${name}: unknown user, or the password does not fit`);
  }
  return { name, user };
}

/**
 * Keeps web pages out. A browser lets any page post to 127.0.0.1, and what it posts would be run as SQL; so requests
 * that a browser sends for a page are refused, and, on a loopback address, names that resolve to it (DNS rebinding).
 * @throws {QueryError} 497
 */
export function refuseBrowsers(request: IncomingMessage, loopback: boolean): void {
  const site = header(request, 'sec-fetch-site');
  const host = (header(request, 'host') ?? 'localhost').replace(/:\d+$/, '');
  const foreignName = loopback && !/^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
  if (header(request, 'origin') !== undefined || (site !== undefined && site !== 'none') || foreignName) {
    throw new QueryError(497, 'ACCESS_DENIED', 'web pages may not use this interface');
  }
}

function credentials(request: IncomingMessage, url: URL): { name: string; password: string } {
  const basic = /^Basic (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString();
    const colon = text.indexOf(':');
    return colon < 0
      ? { name: text || 'default', password: '' }
      : { name: text.slice(0, colon) || 'default', password: text.slice(colon + 1) };
  }
  return {
    name: header(request, 'x-clickhouse-user') ?? (url.searchParams.get('user') || 'default'),
    password: header(request, 'x-clickhouse-key') ?? url.searchParams.get('password') ?? '',
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
