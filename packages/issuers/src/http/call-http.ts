import type { Trouble } from '../key-issuer.ts';
import { readBounded, TooLargeError } from './read-bounded.ts';
import { retryAfterMs } from './retry-after.ts';

/** Far above anything that an issuer answers. */
const answerBytesMax = 64 * 1_024;

/** How long to wait before asking again when the issuer names no time, ms. */
export const afterMsDefault = 2_000;

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpCaller {
  /** For one call from its start to the last byte of its answer, ms. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** What came back: an answer with whatever status, or trouble. */
export type HttpAnswer = { readonly requestId?: string } & (
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Undefined when the body is no JSON. */
      readonly json: unknown;
      /** The wait that it asks for, ms. */
      readonly afterMs: number;
    }
  | HttpTrouble
);

export interface HttpTrouble {
  readonly kind: 'trouble';
  readonly why: Trouble;
  readonly afterMs: number;
  /** False only when it is certain that the issuer did nothing. */
  readonly ambiguous: boolean;
}

/**
 * One HTTP call to an issuer. Redirects are not followed: they would carry the token and the command to somebody whom
 * nobody configured.
 * @throws the signal's reason when the caller's `signal` aborts, nothing else
 */
export async function callHttp(
  { timeoutMs, fetch }: HttpCaller,
  { method, url, headers, body }: HttpCall,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers,
      ...(body !== undefined && { body }),
    });
    const requestId = harmlessId(response.headers.get('x-request-id'));
    return { ...(await readAnswer(response)), ...(requestId && { requestId }) };
  } catch (error) {
    signal?.throwIfAborted();
    return troubleOf(error, timeout.aborted);
  }
}

async function readAnswer(response: Response): Promise<HttpAnswer> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return trouble('redirected', false);
  }
  const afterMs = retryAfterMs(response.headers.get('retry-after'), Date.now(), afterMsDefault);
  const json = parseJson(await readBounded(response, answerBytesMax));
  return { kind: 'answer', status, json, afterMs };
}

function troubleOf(error: unknown, timedOut: boolean): HttpTrouble {
  if (timedOut) return trouble('timeout', true);
  if (error instanceof TooLargeError) return trouble('too_large', true);
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return troubleOfConnection(cause?.code);
}

/** What a connection's error code says; only what fails before a byte is sent is certain to have had no effect. */
export function troubleOfConnection(code: string | undefined): HttpTrouble {
  if (code === 'outbound.address_refused') return trouble('address_refused', false);
  const unsent = beforeSending.has(code ?? '');
  return trouble(unsent ? 'unreachable' : 'connection_lost', !unsent);
}

/** Error codes of Node's connections for hosts that are not found, not there, or not trusted. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function trouble(why: Trouble, ambiguous: boolean, afterMs = afterMsDefault): HttpTrouble {
  return { kind: 'trouble', why, ambiguous, afterMs };
}

/** The issuer's own number of a call; it goes into logs, so only harmless characters may pass. */
export function harmlessId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it: whoever checks says malformed
  }
}
