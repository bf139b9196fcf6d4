import type { IncidentSummary } from '@tripkey/contract/api';
import { incidentsPage } from '@tripkey/store/reading';
import type { AnswerParts } from './answer-parts.ts';
import { type LoadedIncident, loadIncidents, toIncidentSummary } from './incident-summary.ts';

const relatedMax = 20;

/** What filters nothing. */
export const noFilters = {
  ...{ state: [], severity: [], subject_kind: [], rule_id: '', key_id: '', account_id: '', app_id: '' },
  ...{ resolution: '', q: '', from: 0, to: Date.UTC(2200, 0) },
};

/** The newest incidents of a key, open and resolved. */
export async function incidentsOfKey(
  parts: AnswerParts,
  key_id: string,
  at: number,
  signal?: AbortSignal,
): Promise<{ readonly summary: IncidentSummary; readonly loaded: LoadedIncident }[]> {
  const rows = await parts.store.ask(
    incidentsPage('opened_at', 'desc'),
    { ...noFilters, key_id, has_place: false, after_value: 0, after_id: '', rows: relatedMax },
    signal,
  );
  const loaded = await loadIncidents(
    parts,
    rows.map(({ incident_id }) => incident_id),
    signal,
  );
  return rows.flatMap(({ incident_id }) => {
    const one = loaded.get(incident_id);
    return one ? [{ summary: toIncidentSummary(one, parts, at), loaded: one }] : [];
  });
}
