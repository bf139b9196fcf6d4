import { callHttp, type HttpCaller, type HttpTrouble, trouble } from '../http/call-http.ts';
import { type ProblemCode, WireProblem } from './wire.ts';

export interface IssuerHttp extends HttpCaller {
  readonly base: URL;
  readonly token: string;
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
  | HttpTrouble
);

/**
 * One call to an issuer that serves the contract, told apart as the contract does.
 * @throws the signal's reason when the caller's `signal` aborts, nothing else
 */
export async function callIssuer(
  http: IssuerHttp,
  request: IssuerRequest,
  signal?: AbortSignal,
): Promise<IssuerAnswer> {
  const answer = await callHttp(
    http,
    {
      method: request.method,
      url: new URL(request.path, http.base),
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${http.token}`,
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    },
    signal,
  );
  if (answer.kind === 'trouble') return answer;
  const { status, json, afterMs, requestId } = answer;
  return { ...inContractsWords(status, json, afterMs), ...(requestId && { requestId }) };
}

function inContractsWords(status: number, json: unknown, afterMs: number): IssuerAnswer {
  if (status >= 200 && status < 300) return { kind: 'answer', status, json };
  const problem = WireProblem.safeParse(json);
  if (problem.success && problem.data.status === status) {
    return { kind: 'problem', code: problem.data.code, afterMs };
  }
  // Two statuses are clear without a body, also from a proxy: the issuer has not taken the command.
  if (status === 401) return { kind: 'problem', code: 'unauthorized', afterMs };
  if (status === 429) return { kind: 'problem', code: 'rate_limited', afterMs };
  return trouble('malformed', true, afterMs);
}
