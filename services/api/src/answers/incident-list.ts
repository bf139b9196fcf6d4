import { incidentFacetCounts, incidentsCount, incidentsPage } from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { Call, HandlersOf, RouteOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { loadIncidents, toIncidentSummary } from './incident-summary.ts';
import { readFilterSpan } from './read-span.ts';

const Place = (order: string) => z.tuple([z.literal(order), z.number(), z.string()]);
type Filters = Pick<
  Call<RouteOf<'listIncidents'>>['query'],
  | 'state'
  | 'severity'
  | 'subject_kind'
  | 'rule_id'
  | 'key_id'
  | 'account_id'
  | 'app_id'
  | 'resolution'
  | 'q'
  | 'from'
  | 'to'
>;

function filtersOf(query: Filters) {
  const { state, severity, subject_kind } = query;
  const { rule_id = '', key_id = '', account_id = '', app_id = '', resolution = '', q = '' } = query;
  return {
    ...{ state, severity, subject_kind, rule_id, key_id, account_id, app_id, resolution, q },
    ...readFilterSpan(query),
  };
}

/** Lists of incidents: the view finds and orders them, their own logs say what is shown. */
export function incidentListAnswers(parts: AnswerParts): HandlersOf<'listIncidents' | 'getIncidentFacets'> {
  const { store } = parts;
  return {
    async listIncidents({ query, at, signal }) {
      const { sort, order, limit } = query;
      const after = fromCursor(query.cursor, Place(`${sort} ${order}`));
      const place = { has_place: after !== null, after_value: after?.[1] ?? 0, after_id: after?.[2] ?? '' };
      const filters = filtersOf(query);
      const [rows, counted] = await Promise.all([
        store.ask(incidentsPage(sort, order), { ...filters, ...place, rows: limit + 1 }, signal),
        after ? null : store.ask(incidentsCount, filters, signal),
      ]);
      const loaded = await loadIncidents(
        parts,
        rows.slice(0, limit).map(({ incident_id }) => incident_id),
        signal,
      );
      const page = pageFrom(
        rows,
        limit,
        ({ sorted, incident_id }) => [`${sort} ${order}`, sorted, incident_id],
        ({ incident_id }) => loaded.get(incident_id),
        counted?.[0]?.incidents ?? null,
      );
      const items = page.items.filter((one) => one !== undefined);
      return { ...page, items: items.map((one) => toIncidentSummary(one, parts, at)) };
    },
    async getIncidentFacets({ query, signal }) {
      const rows = await store.ask(incidentFacetCounts, filtersOf(query), signal);
      const of = (facet: string) =>
        rows
          .filter((row) => row.facet === facet)
          .map(({ value, incidents }) => ({ value, count: incidents }));
      return { state: of('state'), severity: of('severity'), rule_id: of('rule_id'), app_id: of('app_id') };
    },
  };
}
