import type { Session } from '@tripkey/contract/api';
import { endOf } from '@tripkey/store';
import type { AccessRecord } from '../access/access-record.ts';
import { callerOfToken, type Gatekeepers } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import { sessionCookie } from '../access/cookies.ts';
import { unauthenticated } from '../http/api-problem.ts';
import type { HandlersOf } from '../http/handler.ts';
import { hourMs, iso } from './times.ts';

/** Signing in and out, and who I am. */
export function sessionAnswers(
  keepers: Gatekeepers,
  record: AccessRecord,
): HandlersOf<'signInOptions' | 'getSession' | 'signInByToken' | 'signOut'> {
  const { settings, sessions, cookies, tokens } = keepers;
  return {
    async signInOptions() {
      const { oidc, proxyUsers } = settings;
      return {
        oidc: oidc ? { name: oidc.name, url: '/auth/sign-in' } : null,
        token: true,
        proxy: proxyUsers !== undefined,
      };
    },
    getSession: async ({ caller }) => toSession(caller),
    async signInByToken({ body, at, response }) {
      const token = await tokens.find(body.token);
      if (!token) throw unauthenticated('the token is unknown, has ended or has expired');
      const { id, name, scopes } = callerOfToken(token);
      const expiresAt = endOf(token, body.token);
      const { cookie, caller } = await sessions.begin({
        ...{ person: id, name, role: null, scopes: [...scopes].filter((scope) => scope !== 'emit') },
        expiresAt: Math.min(expiresAt ?? Number.POSITIVE_INFINITY, at + settings.sessionHours * hourMs),
      });
      await record.write('signed_in', caller, { by: 'token', scopes: [...caller.scopes] });
      cookies.set(response, sessionCookie, cookie, Math.floor((caller.expiresAt! - at) / 1000));
      return toSession(caller);
    },
    async signOut({ caller, request, response }) {
      const cookie = cookies.get(request, sessionCookie);
      if (cookie) {
        await sessions.end(cookie);
        cookies.clear(response, sessionCookie);
      }
      await record.write('signed_out', caller, {});
      return undefined;
    },
  };
}

function toSession({ kind, id, name, role, scopes, csrf, expiresAt }: Caller): Session {
  return {
    ...{ kind, id, name, role, scopes: [...scopes], csrf_token: csrf },
    expires_at: expiresAt === null ? null : iso(expiresAt),
  };
}
