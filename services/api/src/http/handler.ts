import type { RouteId, routes, Session } from '@tripkey/contract/api';
import type { Request, Response } from 'express';
import type * as z from 'zod';
import type { Caller } from '../access/caller.ts';

export type RouteOf<Id extends RouteId> = Extract<(typeof routes)[number], { id: Id }>;
type AnyRoute = (typeof routes)[number];
type Part<R, Name extends string> =
  R extends Record<Name, infer S extends z.ZodType> ? z.output<S> : undefined;

/** One call of a route: everything is checked, who calls is known and may. */
export interface Call<R extends AnyRoute = AnyRoute> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: Part<R, 'body'>;
  readonly caller: R extends { access: 'anybody' } ? Caller | null : Caller;
  /** When it came, epoch ms. */
  readonly at: number;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
  /** From `Idempotency-Key`: the same for every attempt of this caller at the same wish. Empty where it is not needed. */
  readonly wishId: string;
  /** `If-Match`, without quotes. */
  readonly ifMatch: string | null;
  readonly request: Request;
  readonly response: Response;
}

/** An answer with its ETag. */
export class Tagged<T> {
  readonly etag: string;
  readonly answer: T;

  constructor(etag: string, answer: T) {
    this.etag = etag;
    this.answer = answer;
  }
}

/** The handler has written the response itself. */
export const sent = Symbol('sent');

export type AnswerOf<R> = R extends { response: infer S extends z.ZodType } ? z.input<S> : undefined;

export type Handler<R extends AnyRoute> = (
  call: Call<R>,
) => Promise<
  | AnswerOf<R>
  | (R extends { etag: true } ? Tagged<AnswerOf<R>> : never)
  | (R extends { streams: 'events' | 'rows' } ? typeof sent : never)
>;

/** A handler for every route of the table. */
export type Handlers = { readonly [Id in RouteId]: Handler<RouteOf<Id>> };

/** Some of them. */
export type HandlersOf<Id extends RouteId> = Pick<Handlers, Id>;

export type SessionAnswer = z.input<typeof Session>;
