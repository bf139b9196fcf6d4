import { badRequest } from '../http/api-problem.ts';
import { dayMs } from './times.ts';

export interface Span {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
}

/**
 * A span of time that was asked for.
 * @param usual length when only one end, or none, is given, ms
 * @param most longest that is answered, ms
 * @throws {ApiProblem} 400 when it is empty or too long: a shorter answer than asked for would mislead
 */
export function readSpan(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
  usual: number,
  most: number,
): Span {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - usual : Date.parse(query.from);
  if (from >= to) throw badRequest('`from` must be before `to`');
  if (to - from > most)
    throw badRequest(`a span of at most ${Math.round(most / dayMs)} days can be asked for`);
  return { from, to };
}

/** The same for a filter: an end that is not given is open. */
export function readFilterSpan(query: { from?: string | undefined; to?: string | undefined }): Span {
  const from = query.from === undefined ? 0 : Date.parse(query.from);
  const to = query.to === undefined ? Date.UTC(2200, 0) : Date.parse(query.to);
  return { from, to };
}
