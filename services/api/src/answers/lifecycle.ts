import type { KeyDetail } from '@tripkey/contract/api';
import type { KeyBookRow } from '@tripkey/store/reading';
import type * as z from 'zod';
import type { LoadedIncident } from './incident-summary.ts';
import { iso } from './times.ts';

/** What happened to a key, oldest first: the issuer's word, its use, and what was done about it. */
export function lifecycleOf(
  row: z.infer<typeof KeyBookRow>,
  incidents: readonly { readonly loaded: LoadedIncident }[],
): KeyDetail['lifecycle'] {
  const told: [at: number, what: string, detail: string][] = [
    [row.created_at, 'created', ''],
    [row.first_used_at, 'first used', ''],
    [row.rotated_at, 'rotated', 'a successor took over'],
    [row.revoked_at, row.status, "by its issuer's word"],
    [row.expires_at, 'expires', ''],
    [row.last_used_at, 'last used', ''],
  ];
  for (const { loaded } of incidents) {
    for (const event of loaded.events) {
      if (event.kind === 'opened') told.push([event.at, 'incident', loaded.incident.rules[0]?.title ?? '']);
      if (event.kind === 'operation_state_confirmed')
        told.push([event.at, event.key_state, `confirmed by its issuer, in ${event.incident_id}`]);
      if (event.kind === 'operation_traffic_confirmed')
        told.push([event.at, 'stop proven', 'no request was accepted since']);
      if (event.kind === 'operation_not_effective')
        told.push([event.at, 'stop not effective', `${event.accepted} requests were accepted after it`]);
    }
  }
  return told
    .filter(([at]) => at > 0)
    .sort(([a], [b]) => a - b)
    .map(([at, what, detail]) => ({ at: iso(at), what, detail }));
}
