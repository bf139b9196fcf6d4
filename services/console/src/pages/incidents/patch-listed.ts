import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { IncidentSummary } from '@tripkey/contract/api';
import { call } from '../../api/call.ts';
import { type Page, queryClient } from '../../api/queries.ts';

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

/** Asks how an incident is now and shows it where it is listed. */
export async function refreshRow(incident_id: string): Promise<void> {
  try {
    patchListed(queryClient, await call('getIncident', { params: { incident_id } }));
  } catch {
    // The row keeps what it said; the next entry of the log, or a reload, brings it up to date.
  }
}
