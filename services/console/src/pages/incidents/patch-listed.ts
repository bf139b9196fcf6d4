import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { IncidentSummary } from '@tripkey/contract/api';
import type { Page } from '../../api/queries.ts';

/** Writes what is now known of an incident into every loaded list, without moving its row. */
export function patchListed(client: QueryClient, incident: IncidentSummary): void {
  client.setQueriesData<InfiniteData<Page<IncidentSummary>>>(
    { queryKey: ['listIncidents', 'pages'] },
    (data) => {
      if (!data) return data;
      return {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          items: page.items.map((row) => (row.incident_id === incident.incident_id ? incident : row)),
        })),
      };
    },
  );
}
