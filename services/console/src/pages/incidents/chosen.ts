import type { IncidentSummary } from '@tripkey/contract/api';

/**
 * Which incidents a key or a button is about: those that are selected, else the one under the keyboard. One that the list does not
 * show, because of another filter or a reload, is not among them: nobody decides about what they do not see.
 */
export function chosenOf(
  rows: readonly Pick<IncidentSummary, 'incident_id'>[],
  selected: ReadonlySet<string>,
  cursor: string | undefined,
): string[] {
  const ids = rows.map((row) => row.incident_id);
  const marked = ids.filter((id) => selected.has(id));
  return marked.length > 0 ? marked : ids.filter((id) => id === cursor);
}
