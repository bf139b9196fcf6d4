import { leakReportsPage } from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { readFilterSpan } from './read-span.ts';
import { iso } from './times.ts';

const Place = z.tuple([z.int(), z.string()]);

/** What leak feeds reported. */
export function leakAnswers({ store }: AnswerParts): HandlersOf<'listLeakReports'> {
  return {
    async listLeakReports({ query, signal }) {
      const { limit, matched = '' } = query;
      const after = fromCursor(query.cursor, Place);
      const place = { has_place: after !== null, after_at: after?.[0] ?? 0, after_id: after?.[1] ?? '' };
      const rows = await store.ask(
        leakReportsPage,
        { ...readFilterSpan(query), matched, ...place, rows: limit + 1 },
        signal,
      );
      return pageFrom(
        rows,
        limit,
        (row) => [row.at, row.report_id],
        ({ at, key_id, finding_id, ...row }) => ({
          ...row,
          reported_at: iso(at),
          key_id: key_id || null,
          finding_id: finding_id || null,
        }),
      );
    },
  };
}
