import type * as z from 'zod';
import { badRequest } from './api-problem.ts';

/** A place in a list, as text that people hand back: the values that the list is sorted by, at its last row. */
export function toCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * The values of a cursor; null without one.
 * @throws {ApiProblem} 400 when it belongs to another list or order.
 */
export function fromCursor<S extends z.ZodType>(cursor: string | undefined, place: S): z.output<S> | null {
  if (cursor === undefined) return null;
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badRequest('`cursor` is not one of this list and order');
  }
}

/**
 * One page of rows that were read with one more than wanted.
 * @param placeOf the values that the list is sorted by, of a row
 */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => readonly (string | number)[],
  itemOf: (row: Row) => Item,
  total: number | null = null,
): { items: Item[]; next_cursor: string | null; total: number | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(itemOf),
    next_cursor: rows.length > limit && last !== undefined ? toCursor(placeOf(last)) : null,
    total,
  };
}
