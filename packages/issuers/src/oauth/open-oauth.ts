import * as z from 'zod';
import { byState, type Written } from '../by-state.ts';
import { baseUrl } from '../http/base-url.ts';
import { afterMsDefault, callHttp, type HttpAnswer, type HttpCaller } from '../http/call-http.ts';
import { notDone, troubleIn } from '../http/clear-statuses.ts';
import type { KeyIssuer, KeyReading } from '../key-issuer.ts';

export interface OAuthOptions {
  /** As configuration and key records call it. */
  readonly name: string;
  readonly revocationUrl: string;
  readonly introspectionUrl: string;
  /** A client that may introspect these tokens, and revoke them: the one that they were given to. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The token that a key id stands for, or null. RFC 7009 names tokens by themselves, and Tripkey has none. */
  readonly tokenOf: (keyId: string) => Promise<string | null>;
  /** Tell the server what kind of tokens these are, so that it need not search. */
  readonly tokenKind?: 'access_token' | 'refresh_token';
  /** Offer `disable` besides `revoke`: it is the same here and cannot be undone. Default false. */
  readonly disableByRevoking?: boolean;
  /** How long resource servers may go on with what they know, ms. Default 60,000. */
  readonly propagationMs?: number;
  /** For one call, ms. Default 10,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

const Introspection = z.object({ active: z.boolean(), exp: z.number().optional() });
const OAuthError = z.object({ error: z.string().max(64) });

/**
 * An OAuth authorization server: revocation (RFC 7009) and introspection (RFC 7662). Revoking is answered with 200 also
 * for tokens that the server never knew, so that answer is worth nothing: only introspection says that a token ended.
 * @throws {TypeError} when a URL cannot be the one of an issuer
 */
export function openOAuth(options: OAuthOptions): KeyIssuer {
  const { name, clientId, clientSecret, tokenOf, tokenKind, propagationMs = 60_000 } = options;
  const caller: HttpCaller = { timeoutMs: options.timeoutMs ?? 10_000, fetch: options.fetch ?? fetch };
  const urls = { revoke: endpoint(options.revocationUrl), introspect: endpoint(options.introspectionUrl) };
  // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
  const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
  const call = (url: URL, token: string, signal?: AbortSignal) =>
    callHttp(
      caller,
      {
        method: 'POST',
        url,
        headers: {
          accept: 'application/json',
          authorization: `Basic ${basic}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ token, ...(tokenKind && { token_type_hint: tokenKind }) }).toString(),
      },
      signal,
    );
  const find = async (keyId: string): Promise<string | null | undefined> =>
    tokenOf(keyId).catch(() => undefined);

  return byState({
    name,
    capabilities: {
      actions: new Set(options.disableByRevoking ? ['disable', 'revoke'] : ['revoke']),
      reach: 'key',
      propagationMs,
      undo: {},
    },
    async read(keyId, signal) {
      const token = await find(keyId);
      if (token === undefined) return { state: 'unknown', why: 'unavailable', afterMs: afterMsDefault };
      if (token === null) return { state: 'missing' };
      return toReading(await call(urls.introspect, token, signal));
    },
    async write(keyId, _action, signal): Promise<Written> {
      const token = await find(keyId);
      if (token === undefined) {
        return { kind: 'retry', why: 'unavailable', afterMs: afterMsDefault, ambiguous: false };
      }
      if (token === null) return { kind: 'refused', code: 'key_not_found' };
      const answer = await call(urls.revoke, token, signal);
      // Its word proves nothing: the caller reads until introspection says so.
      if (answer.kind === 'answer' && answer.status === 200) return { kind: 'pending', pollAfterMs: 0 };
      if (refusalIn(answer) === 'unsupported_token_type') return { kind: 'refused', code: 'unsupported' };
      return refusalIn(answer) ? { kind: 'refused', code: 'unauthorized' } : notDone(answer);
    },
  });
}

/** Errors by which a server says no (RFC 6749, section 5.2; RFC 7009, section 2.2.1). */
function refusalIn(answer: HttpAnswer): string | undefined {
  if (answer.kind !== 'answer' || answer.status !== 400) return undefined;
  const { error } = OAuthError.safeParse(answer.json).data ?? {};
  const refusals = ['unsupported_token_type', 'unauthorized_client', 'invalid_client', 'invalid_request'];
  return refusals.find((refusal) => refusal === error);
}

/** Not active is all that is said of tokens that were revoked, ended, or never were: none of them works. */
function toReading(answer: HttpAnswer): KeyReading {
  const told =
    answer.kind === 'answer' && answer.status === 200 ? Introspection.safeParse(answer.json).data : undefined;
  if (!told) return { state: 'unknown', ...troubleIn(answer) };
  if (!told.active) return { state: 'revoked' };
  return { state: told.exp === undefined ? 'active' : 'expiring' };
}

function endpoint(url: string): URL {
  baseUrl(url); // throws for what cannot be one
  return new URL(url);
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
