import { createHash } from 'node:crypto';
import { type Problem, type Route, routes, type Scope } from '@tripkey/contract/api';
import type { Clock } from '@tripkey/service-kit';
import { type Request, type Response, Router } from 'express';
import type * as z from 'zod';
import { checkCsrf } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import { ApiProblem, badRequest, unauthenticated } from './api-problem.ts';
import { exportRows } from './export-rows.ts';
import { type Call, type Handlers, sent, Tagged } from './handler.ts';
import { readIfMatch } from './if-match.ts';

export interface MountParts {
  readonly handlers: Handlers;
  readonly authenticate: (request: Request) => Promise<Caller | null>;
  readonly clock: Clock;
  /** Compare every answer with its schema: for tests. */
  readonly checkAnswers?: boolean;
}

type AnyHandler = (call: Call) => Promise<unknown>;

/** Serves the routes of the table, in its order: who may, is the request right, answer. */
export function mountRoutes(parts: MountParts): Router {
  const router = Router();
  for (const route of routes as readonly Route[]) {
    const handler = (parts.handlers as unknown as Record<string, AnyHandler>)[route.id]!;
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    router[route.method](path, async (request: Request, response: Response) => {
      await serve(route, handler, parts, request, response);
    });
  }
  return router;
}

async function serve(
  route: Route,
  handler: AnyHandler,
  parts: MountParts,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = route.access === 'anybody' ? null : await parts.authenticate(request);
  if (route.access !== 'anybody') {
    if (!caller) throw unauthenticated('sign in, or send Authorization: Bearer with a token');
    if (route.access !== 'signed_in' && !caller.scopes.has(route.access)) throw forbidden(route.access);
  }
  checkCsrf(request, caller);
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the caller has gone')));
  if (response.destroyed) gone.abort(new Error('the caller has gone'));
  const call = {
    params: parsed(route.params, request.params, 'path'),
    query: parsed(route.query, request.query, 'query'),
    body: parsed(route.body, request.body, 'body'),
    caller,
    at: parts.clock.now(),
    signal: gone.signal,
    wishId: route.idempotent ? wishId(request, caller) : '',
    ifMatch: readIfMatch(request.get('if-match')),
    request,
    response,
  } as unknown as Call;
  const format = (call.query as { format?: string } | undefined)?.format;
  if (route.streams === 'export' && (format === 'ndjson' || format === 'csv')) {
    await exportRows(
      response,
      format,
      route.path.split('/').at(-1)!,
      columnsOf(route),
      everyPage(handler, call),
    );
    return;
  }
  const answer = await handler(call);
  if (answer === sent) return;
  send(route, answer, parts.checkAnswers === true, request, response);
}

function send(route: Route, answer: unknown, check: boolean, request: Request, response: Response): void {
  const body = answer instanceof Tagged ? answer.answer : answer;
  if (check) route.response?.parse(body);
  // A handler may have chosen another one, such as 202.
  if (response.statusCode === 200) response.status(route.status ?? 200);
  response.set('Cache-Control', 'no-store');
  if (answer instanceof Tagged) {
    const etag = `"${answer.etag}"`;
    response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (request.method === 'GET' && request.get('if-none-match') === etag) {
      response.status(304).end();
      return;
    }
  }
  if (route.response === null) response.end();
  else response.json(body);
}

/** Rows of all pages, one page after the other: a list is exported with the filters and the order that it is shown with. */
async function* everyPage(handler: AnyHandler, call: Call): AsyncGenerator<Record<string, unknown>> {
  let cursor: string | undefined = (call.query as { cursor?: string }).cursor;
  do {
    const query = { ...(call.query as object), cursor, limit: 500 };
    const page = (await handler({ ...call, query } as Call)) as {
      items: Record<string, unknown>[];
      next_cursor: string | null;
    };
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** Names of the columns of an exported list: the fields of its items. */
function columnsOf({ response }: Route): string[] {
  const items = (response as z.ZodObject<{ items: z.ZodArray<z.ZodObject> }>).shape.items;
  return Object.keys(items.element.shape);
}

function parsed(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const faults: Problem['faults'] = result.error.issues.map(({ path, message }) => ({
    at: [part, ...path].map(String).join('.'),
    message,
  }));
  throw badRequest(faults.map(({ at, message }) => `${at}: ${message}`).join('; '), faults);
}

/** What one caller wants with one key is one wish. */
function wishId(request: Request, caller: Caller | null): string {
  const key = request.get('idempotency-key') ?? '';
  if (key.length < 8 || key.length > 255)
    throw badRequest('send the header Idempotency-Key, 8 to 255 characters, the same for every attempt');
  const hash = createHash('sha256').update(JSON.stringify([caller?.id ?? '', key]));
  return hash.digest('hex').slice(0, 32);
}

function forbidden(scope: Scope): ApiProblem {
  return new ApiProblem(403, 'api.forbidden', 'Not allowed', `this needs the scope ${scope}`);
}
