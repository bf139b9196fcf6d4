import { endpointsPage } from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { readSpan } from './read-span.ts';
import { dayMs, isoOrNull } from './times.ts';

/** The span goes along: later pages are about the same time as the first. */
const Place = (order: string) => z.tuple([z.literal(order), z.number(), z.string(), z.number(), z.number()]);

/** Endpoints with their traffic. */
export function endpointAnswers({ store }: AnswerParts): HandlersOf<'listEndpoints'> {
  return {
    async listEndpoints({ query, at, signal }) {
      const { sort, order, limit, q = '' } = query;
      const after = fromCursor(query.cursor, Place(`${sort} ${order}`));
      const asked = readSpan(query, at, dayMs, 7 * dayMs);
      const { from, to } = after ? { from: after[3], to: after[4] } : asked;
      const place = { has_place: after !== null, after_value: after?.[1] ?? 0, after_name: after?.[2] ?? '' };
      const rows = await store.ask(
        endpointsPage(sort, order),
        { from, to, q, ...place, rows: limit + 1 },
        signal,
      );
      return pageFrom(
        rows,
        limit,
        (row) => [`${sort} ${order}`, row.sorted, row.name, from, to],
        ({ name: _1, sorted: _2, p50, p99, first_seen_at, last_seen_at, ...row }) => ({
          ...row,
          latency_ms_p50: p50 ?? 0,
          latency_ms_p99: p99 ?? 0,
          first_seen_at: isoOrNull(first_seen_at),
          last_seen_at: isoOrNull(last_seen_at),
        }),
      );
    },
  };
}
