import type { Trouble } from '../key-issuer.ts';
import { readBounded, TooLargeError } from './read-bounded.ts';
import { retryAfterMs } from './retry-after.ts';
import { type ProblemCode, WireProblem } from './wire.ts';

/** Far above anything that the contract answers. */
const answerBytesMax = 64 * 1_024;

/** How long to wait before asking again when the issuer names no time, ms. */
export const afterMsDefault = 2_000;

export interface IssuerHttp {
  readonly base: URL;
  readonly token: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

export interface IssuerRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base, already encoded, such as `v1/keys/key_1`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What came back: an answer of the contract, one of its problems, or trouble. */
export type IssuerAnswer = { readonly requestId?: string } & (
  | { readonly kind: 'answer'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'problem'; readonly code: ProblemCode; readonly afterMs: number }
  | {
      readonly kind: 'trouble';
      readonly why: Trouble;
      readonly afterMs: number;
      /** False only when it is certain that the issuer did nothing. */
      readonly ambiguous: boolean;
    }
);

/**
 * One HTTP call to an issuer, told apart as the contract does. Redirects are not followed: they would carry the token
 * and the command to somebody whom nobody configured.
 * @throws the signal's reason when the caller's `signal` aborts, nothing else
 */
export async function callIssuer(
  http: IssuerHttp,
  request: IssuerRequest,
  signal?: AbortSignal,
): Promise<IssuerAnswer> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(http.timeoutMs);
  try {
    const response = await http.fetch(new URL(request.path, http.base), {
      method: request.method,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${http.token}`,
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    });
    const requestId = requestIdOf(response);
    return { ...(await readAnswer(response)), ...(requestId && { requestId }) };
  } catch (error) {
    signal?.throwIfAborted();
    return troubleOf(error, timeout.aborted);
  }
}

async function readAnswer(response: Response): Promise<IssuerAnswer> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return trouble('redirected', false);
  }
  const json = parseJson(await readBounded(response, answerBytesMax));
  if (status >= 200 && status < 300) return { kind: 'answer', status, json };
  const afterMs = retryAfterMs(response.headers.get('retry-after'), Date.now(), afterMsDefault);
  const problem = WireProblem.safeParse(json);
  if (problem.success && problem.data.status === status) {
    return { kind: 'problem', code: problem.data.code, afterMs };
  }
  // Two statuses are clear without a body, also from a proxy: the issuer has not taken the command.
  if (status === 401) return { kind: 'problem', code: 'unauthorized', afterMs };
  if (status === 429) return { kind: 'problem', code: 'rate_limited', afterMs };
  return trouble('malformed', true, afterMs);
}

function troubleOf(error: unknown, timedOut: boolean): IssuerAnswer {
  if (timedOut) return trouble('timeout', true);
  if (error instanceof TooLargeError) return trouble('too_large', true);
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  // Only what fails before a byte is sent is certain to have had no effect.
  const unsent = beforeSending.has(cause?.code ?? '');
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

function trouble(why: Trouble, ambiguous: boolean, afterMs = afterMsDefault): IssuerAnswer {
  return { kind: 'trouble', why, ambiguous, afterMs };
}

/** The issuer's own number of a call; it goes into logs, so only harmless characters may pass. */
function requestIdOf(response: Response): string | undefined {
  const value = response.headers.get('x-request-id') ?? '';
  return /^[\w.:-]{1,128}$/.test(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no contract answer is empty: every check of `undefined` says malformed
  }
}
