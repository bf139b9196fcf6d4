import { scopesOf } from '@tripkey/contract/api';
import type { Clock } from '@tripkey/service-kit';
import express, { type Request, type Response, Router } from 'express';
import type { AccessRecord } from './access-record.ts';
import { type Gatekeepers, isForeign } from './authenticate.ts';
import { sessionCookie } from './cookies.ts';
import { page } from './page.ts';

const hourMs = 3_600_000;

/**
 * Signing in by a link that works once. Following it asks first: mail programs and chat previews open links, and must
 * not use it up.
 */
export function linkRoutes(keepers: Gatekeepers, record: AccessRecord, clock: Clock): Router {
  const { tokens, sessions, cookies, settings } = keepers;
  const router = Router();
  router.get('/auth/link', (_request: Request, response: Response) => {
    page(response, 200, 'Sign in to Tripkey', '<form method="post"><button>Sign in</button></form>');
  });
  router.post(
    '/auth/link',
    express.urlencoded({ extended: false, limit: '1kb' }),
    async (request, response) => {
      if (isForeign(request)) {
        page(response, 403, 'Not taken', '<p>Another site sent this. Open the link itself.</p>');
        return;
      }
      const code = typeof request.query.code === 'string' ? request.query.code : '';
      const link = await tokens.find(code, 'link');
      // Of two that come at once, one ends it.
      if (!link || !(await tokens.useUp(link.token_id))) {
        page(
          response,
          410,
          'This link does not work any more',
          '<p>It works once, and for an hour. Make another with <code>tripkey tokens link</code>.</p>',
        );
        return;
      }
      const now = clock.now();
      const { cookie, caller } = await sessions.begin({
        ...{ person: `local:${link.name}`, name: link.name, role: 'admin', scopes: scopesOf('admin') },
        expiresAt: now + settings.sessionHours * hourMs,
      });
      await record.write('signed_in', caller, {
        by: 'link',
        link: link.token_id,
        scopes: [...caller.scopes],
      });
      cookies.set(response, sessionCookie, cookie, settings.sessionHours * 3_600);
      response.redirect(303, '/');
    },
  );
  return router;
}
