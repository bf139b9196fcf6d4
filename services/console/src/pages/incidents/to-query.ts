import type { IncidentState } from '@tripkey/contract/api';
import type { IncidentsSearch } from '../../url/page-search.ts';
import { parseMoment } from '../../url/time-range.ts';

/** What is looked at when the address names no state: everything that is not over. */
export const openStates: readonly IncidentState[] = ['open', 'acknowledged', 'snoozed'];

/** The address of the inbox as questions to the API: for the list, and for the counts beside the filters. */
export function toQuery(search: IncidentsSearch) {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const iso = (text: string | undefined) => {
    const at = text === undefined ? undefined : parseMoment(text, now);
    return at === undefined ? undefined : new Date(at).toISOString();
  };
  const filters = {
    state: statesOf(search),
    severity: search.severity,
    rule_id: search.rule,
    app_id: search.app,
    q: search.q,
    from: iso(search.from),
    to: iso(search.to),
  };
  return { filters, list: { ...filters, sort: search.sort, order: search.order, limit: 100 } };
}

/** The states that are looked at; undefined for all. */
export function statesOf(search: IncidentsSearch): IncidentState[] | undefined {
  if (!search.state) return [...openStates];
  const named = search.state.filter((state) => state !== 'all');
  return named.length < search.state.length ? undefined : named;
}
