import { Problem, type RouteId, routes } from '@tripkey/contract/api';
import type * as z from 'zod';

type Routes = (typeof routes)[number];
export type RouteOf<Id extends RouteId> = Extract<Routes, { id: Id }>;
type Part<Id extends RouteId, Name extends 'params' | 'body'> =
  RouteOf<Id> extends { readonly [N in Name]: infer S extends z.ZodType }
    ? { readonly [N in Name]: z.input<S> }
    : unknown;

/** What is undefined is left out of the address. */
type QueryPart<Id extends RouteId> =
  RouteOf<Id> extends { readonly query: infer S extends z.ZodType }
    ? { readonly query?: { readonly [N in keyof z.input<S>]?: z.input<S>[N] | undefined } }
    : unknown;

/** What a route is called with; queries may be left out where the route fills in what is missing. */
export type CallOf<Id extends RouteId> = Part<Id, 'params'> &
  QueryPart<Id> &
  Part<Id, 'body'> & {
    /** The ETag of what the caller saw: if it changed meanwhile, nothing is done. */
    readonly ifMatch?: string;
    /** The same for every try of one intent, so that it happens once. */
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };

export type AnswerOf<Id extends RouteId> = RouteOf<Id>['response'] extends z.ZodType
  ? z.output<RouteOf<Id>['response']>
  : null;

/** The server said no, and why; or nothing came that could be read (`code` is then `console.…`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/** What can go wrong on this side; each has its entry in docs/failure-modes.md. */
type ConsoleErrorCode = 'console.unreachable' | 'console.unexpected_answer';

let csrfToken: string | null = null;

/** What everything but GET has to bring along, where a cookie signs in. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** What a request that is not made by `call` has to send along when it changes something. */
export function csrfHeaders(): Record<string, string> {
  return csrfToken ? { 'x-csrf-token': csrfToken } : {};
}

const byId = new Map<string, Routes>(routes.map((route) => [route.id, route]));

/** The address of a route, with parameters and query filled in. Lists are comma-separated. */
export function addressOf<Id extends RouteId>(
  id: Id,
  call: { params?: object; query?: object } = {},
): string {
  const params = (call.params ?? {}) as Record<string, string>;
  const path = byId
    .get(id)!
    .path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name]!));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    query.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/**
 * Calls a route of the API and checks that the answer is what the contract says.
 * @throws ApiError for a problem, for an answer that is not as agreed, and when no answer came.
 */
export async function call<const Id extends RouteId>(id: Id, options: CallOf<Id>): Promise<AnswerOf<Id>> {
  const route = byId.get(id)!;
  const given = options as CallOf<Id> & { params?: object; query?: object; body?: unknown };
  const response = await send(route.method.toUpperCase(), addressOf(id, given), given);
  if (!response.ok) throw new ApiError(await readProblem(response));
  if (!route.response) return null as AnswerOf<Id>;
  const parsed = route.response.safeParse(await readJson(response));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw ours(
      'console.unexpected_answer',
      `${id}: ${issue?.path.join('.')}: ${issue?.message}`,
      response.status,
    );
  }
  return parsed.data as AnswerOf<Id>;
}

async function send(
  method: string,
  address: string,
  {
    body,
    ifMatch,
    idempotencyKey,
    signal,
  }: { body?: unknown; ifMatch?: string; idempotencyKey?: string; signal?: AbortSignal },
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method !== 'GET' && csrfToken) headers.set('x-csrf-token', csrfToken);
  if (ifMatch) headers.set('if-match', ifMatch);
  if (idempotencyKey) headers.set('idempotency-key', idempotencyKey);
  try {
    return await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw ours(
      'console.unreachable',
      'Tripkey cannot be reached. The page goes on by itself when it is back.',
      0,
    );
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const parsed = Problem.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  return ours('console.unexpected_answer', `The server answered ${response.status}.`, response.status)
    .problem;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw ours('console.unexpected_answer', 'The answer is not JSON.', response.status);
  }
}

function ours(code: ConsoleErrorCode, detail: string, status: number): ApiError {
  return new ApiError({ type: 'about:blank', title: 'Not understood', status, code, detail });
}
