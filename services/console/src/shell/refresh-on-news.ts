import type { QueryClient } from '@tanstack/react-query';
import type { LiveIncident, RouteId } from '@tripkey/contract/api';
import { sums } from '../api/queries.ts';

const waitMs = 400;

/** Asks again for what an entry of an incident's log changes; many at once are one. */
export function refreshOnNews(client: QueryClient): (event: LiveIncident) => void {
  let changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const refresh = () => {
    timer = null;
    const ids = changed;
    changed = new Set();
    void client.invalidateQueries({
      predicate: ({ queryKey }) => {
        const [route, second, third] = queryKey as readonly [RouteId, unknown, unknown];
        if (sums.includes(route)) return true;
        const given = (second === 'pages' ? third : second) as
          | { params?: { incident_id?: string } }
          | undefined;
        return ids.has(given?.params?.incident_id ?? '');
      },
    });
  };
  return ({ incident_id }) => {
    changed.add(incident_id);
    if (timer === null) timer = setTimeout(refresh, waitMs);
  };
}
