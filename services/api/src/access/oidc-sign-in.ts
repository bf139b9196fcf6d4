import { scopesOf } from '@tripkey/contract/api';
import type { Clock, Logger } from '@tripkey/service-kit';
import { type Request, type Response, Router } from 'express';
import * as oidc from 'openid-client';
import * as z from 'zod';
import type { ApiSettings } from '../config.ts';
import type { AccessRecord } from './access-record.ts';
import type { Gatekeepers } from './authenticate.ts';
import { sessionCookie } from './cookies.ts';
import { page } from './page.ts';
import { roleOf, type ToldPerson } from './proxy-users.ts';

const hourMs = 3_600_000;
/** What a sign-in that is under way has to prove when it comes back; in a cookie, so that any process can take it. */
const pendingCookie = 'tripkey_sign_in';
const pendingSeconds = 600;
const Pending = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });
const claimText = z.string().min(1).max(256);

export interface OidcParts {
  readonly keepers: Gatekeepers;
  readonly oidc: NonNullable<ApiSettings['oidc']>;
  readonly publicUrl: string;
  readonly record: AccessRecord;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Single sign-on: authorization code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0). */
export function oidcRoutes(parts: OidcParts): Router {
  const { keepers, record, clock, log, publicUrl } = parts;
  const { cookies, sessions, settings } = keepers;
  const redirectUri = new URL('/auth/callback', publicUrl).href;
  let discovered: Promise<oidc.Configuration> | null = null;

  /** Asked for with the first sign-in, so that we start without the provider; a failure is asked again. */
  function provider(): Promise<oidc.Configuration> {
    discovered ??= discover(parts.oidc).catch((error: unknown) => {
      discovered = null;
      throw error;
    });
    return discovered;
  }

  async function begin(_request: Request, response: Response): Promise<void> {
    const config = await provider();
    const pending = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    };
    cookies.set(
      response,
      pendingCookie,
      Buffer.from(JSON.stringify(pending)).toString('base64url'),
      pendingSeconds,
    );
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: parts.oidc.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    response.set('Cache-Control', 'no-store').redirect(303, url.href);
  }

  async function end(request: Request, response: Response): Promise<void> {
    const pending = readPending(cookies.get(request, pendingCookie));
    cookies.clear(response, pendingCookie);
    if (!pending) {
      page(response, 400, 'This sign-in has expired', '<p><a href="/auth/sign-in">Begin again</a>.</p>');
      return;
    }
    const config = await provider();
    const person = await personOf(config, new URL(request.originalUrl, publicUrl), pending, parts.oidc);
    const role = roleOf(person.groups, settings);
    const id = `oidc:${person.id}`;
    if (role === null) {
      await record.write('sign_in_refused', { id, name: person.name }, { by: 'oidc', reason: 'no role' });
      page(response, 403, 'You have no role here', '<p>Ask an admin to give one to a group of yours.</p>');
      return;
    }
    const now = clock.now();
    const { cookie, caller } = await sessions.begin({
      ...{ person: id, name: person.name, role, scopes: scopesOf(role) },
      expiresAt: now + settings.sessionHours * hourMs,
    });
    await record.write('signed_in', caller, { by: 'oidc', scopes: [...caller.scopes] });
    cookies.set(response, sessionCookie, cookie, settings.sessionHours * 3_600);
    response.set('Cache-Control', 'no-store').redirect(303, '/');
  }

  const router = Router();
  const told = (step: typeof begin) => async (request: Request, response: Response) => {
    try {
      await step(request, response);
    } catch (err) {
      log.warn({ err }, 'a sign-in did not go through');
      page(response, 502, 'The sign-in did not go through', '<p><a href="/auth/sign-in">Try again</a>.</p>');
    }
  };
  router.get('/auth/sign-in', told(begin));
  router.get('/auth/callback', told(end));
  return router;
}

async function discover({ issuer, clientId, clientSecret }: OidcParts['oidc']): Promise<oidc.Configuration> {
  const isPlain = issuer.startsWith('http:');
  return await oidc.discovery(
    new URL(issuer),
    clientId,
    clientSecret,
    clientSecret === undefined ? oidc.None() : undefined,
    isPlain ? { execute: [oidc.allowInsecureRequests] } : {},
  );
}

/** @throws when the answer is not one to our question, or the provider does not stand by it */
async function personOf(
  config: oidc.Configuration,
  url: URL,
  { state, nonce, verifier }: z.infer<typeof Pending>,
  { groupsClaim }: OidcParts['oidc'],
): Promise<ToldPerson> {
  const tokens = await oidc.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims()!;
  const said =
    claims[groupsClaim] === undefined && config.serverMetadata().userinfo_endpoint
      ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
      : {};
  const all: Record<string, unknown> = { ...said, ...claims };
  const text = (name: string) => claimText.safeParse(all[name]).data;
  const groups = z.array(claimText).safeParse(all[groupsClaim]);
  // `sub` is what stays the same; addresses are given to others some day.
  return {
    id: claims.sub,
    name: text('name') ?? text('email') ?? text('preferred_username') ?? claims.sub,
    groups: groups.success ? groups.data : [],
  };
}

function readPending(cookie: string | undefined): z.infer<typeof Pending> | null {
  try {
    return Pending.parse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()));
  } catch {
    return null;
  }
}
