import { operationsPage } from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { loadIncidents } from './incident-summary.ts';
import { readFilterSpan } from './read-span.ts';
import { toOperations } from './to-operation.ts';

const Place = z.tuple([z.int(), z.string()]);

/** What was proposed and done to keys. */
export function operationListAnswers(parts: AnswerParts): HandlersOf<'listOperations'> {
  return {
    async listOperations({ query, signal }) {
      const { limit, state, action = '', key_id = '' } = query;
      const after = fromCursor(query.cursor, Place);
      const rows = await parts.store.ask(
        operationsPage,
        {
          ...{ state, action, key_id, ...readFilterSpan(query), rows: limit + 1 },
          ...{ has_place: after !== null, after_at: after?.[0] ?? 0, after_id: after?.[1] ?? '' },
        },
        signal,
      );
      const ids = [...new Set(rows.slice(0, limit).map(({ incident_id }) => incident_id))];
      const loaded = await loadIncidents(parts, ids, signal);
      const operations = new Map(
        [...loaded.values()].flatMap(toOperations).map((operation) => [operation.operation_id, operation]),
      );
      const page = pageFrom(
        rows,
        limit,
        ({ proposed, operation_id }) => [proposed, operation_id],
        ({ operation_id }) => operations.get(operation_id),
      );
      return { ...page, items: page.items.filter((operation) => operation !== undefined) };
    },
  };
}
