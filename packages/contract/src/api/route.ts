import type * as z from 'zod';
import type { Scope } from './access.ts';

/** Who may call a route: holders of a scope, anybody who is signed in, or anybody at all. */
export type RouteAccess = Scope | 'signed_in' | 'anybody';

/**
 * One route of the API. The server, the OpenAPI document, the CLI and the test of who may do what all read this table,
 * so what it says is what happens.
 */
export interface Route {
  /** `operationId`, such as `listKeys`. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters in braces, such as `/v1/keys/{key_id}`. */
  readonly path: string;
  readonly tag: string;
  readonly access: RouteAccess;
  /** One line, as the reader of the API's page wants it. */
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What a 200 (201, 202 or 204: see `status`) says; null when it has no body. */
  readonly response: z.ZodType | null;
  readonly status?: 200 | 201 | 202 | 204;
  /** Needs the header `Idempotency-Key`; the same key gives the same effect, once. */
  readonly idempotent?: true;
  /** The answer has an `ETag`; where the route changes something, `If-Match` is looked at. */
  readonly etag?: true;
  /** Other types that `?format=` or the route itself can answer with. */
  readonly streams?: 'events' | 'export' | 'rows';
}

export function defineRoute<const R extends Route>(route: R): R {
  return route;
}
