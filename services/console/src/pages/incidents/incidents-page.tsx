import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { IncidentSummary } from '@tripkey/contract/api';
import { useCallback, useMemo, useState } from 'react';
import { ask } from '../../api/queries.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { useMay } from '../../shell/session.tsx';
import { PageHead } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Rows } from '../../ui/rows.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { ResolveDialog } from '../incident/resolve-dialog.tsx';
import { chosenOf } from './chosen.ts';
import { Facets } from './facets.tsx';
import { incidentColumns } from './incident-columns.tsx';
import { NewsBar } from './news-bar.tsx';
import { NoIncidents } from './no-incidents.tsx';
import { toQuery } from './to-query.ts';
import { useTriage } from './use-triage.ts';
import './incidents.css';

const route = getRouteApi('/incidents');

/** The inbox: what was found, to be looked at one after the other, by keyboard. */
export function IncidentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const go = useNavigate();
  const mayTriage = useMay('triage');
  const { list, filters } = useMemo(() => toQuery(search), [search]);
  const pages = usePages('listIncidents', { query: list });
  const { query, rows, total, hasMore, loadMore } = pages;
  const facets = useQuery({
    ...ask('getIncidentFacets', { query: filters }),
    placeholderData: (before) => before,
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  /** What the dialog is about, whatever the list shows meanwhile. */
  const [resolving, setResolving] = useState<readonly string[]>([]);
  const { acknowledge, resolve, busy } = useTriage();

  const change = useCallback(
    (next: Partial<typeof search>) =>
      void navigate({ to: '.', search: { ...search, ...next }, replace: true }),
    [navigate, search],
  );
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const columns = useMemo(
    () => incidentColumns({ selected, toggle, mayTriage }),
    [selected, toggle, mayTriage],
  );

  const cursor = rows.findIndex((one) => one.incident_id === search.row);
  const row = rows[cursor];
  const move = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, cursor + by))];
    if (next) change({ row: next.incident_id });
  };
  const chosen = chosenOf(rows, selected, search.row);
  const marked = rows.filter((row) => selected.has(row.incident_id)).length;
  const clear = () => setSelected(new Set());
  const unselect = (ids: readonly string[]) =>
    setSelected((before) => new Set([...before].filter((id) => !ids.includes(id))));
  const acknowledgeChosen = () => {
    if (chosen.length > 0 && !busy) void acknowledge(chosen).then(() => unselect(chosen));
  };

  useShortcuts([
    { keys: 'j', what: 'Next incident', run: () => move(1) },
    { keys: 'k', what: 'Incident before', run: () => move(-1) },
    {
      keys: 'Enter',
      what: 'Open the incident',
      run: () => row && void go({ to: '/incidents/$id', params: { id: row.incident_id } }),
    },
    { keys: 'Escape', what: 'Select nothing', run: clear },
    ...(mayTriage
      ? [
          { keys: 'x', what: 'Select the incident', run: () => row && toggle(row.incident_id) },
          { keys: 'a', what: 'Acknowledge', run: acknowledgeChosen },
          { keys: 'f', what: 'False positive', run: () => setResolving(chosen) },
        ]
      : []),
  ]);

  return (
    <>
      <PageHead
        title="Incidents"
        tools={
          <>
            <RangePicker from={search.from} to={search.to} fallback={null} onChange={change} />
            <ExportMenu route="listIncidents" query={list} />
          </>
        }
      />
      <div className="inbox">
        <Facets facets={facets.data} search={search} onChange={change} />
        <section className="card" aria-label="Incidents">
          <div className="card-head">
            <SearchField
              label="Search incidents"
              placeholder="Key, owner, account, rule …"
              value={search.q}
              onChange={(q) => change({ q })}
            />
            {marked > 0 ? (
              <div className="button-row" role="toolbar" aria-label="With the selected incidents">
                <strong>{marked} selected</strong>
                <button type="button" className="button small" disabled={busy} onClick={acknowledgeChosen}>
                  Acknowledge
                </button>
                <button
                  type="button"
                  className="button small"
                  disabled={busy}
                  onClick={() => setResolving(chosen)}
                >
                  Resolve …
                </button>
                <button type="button" className="button quiet small" onClick={clear}>
                  Clear
                </button>
              </div>
            ) : (
              <span className="note wide-only">
                <kbd>j</kbd> <kbd>k</kbd> move, <kbd>enter</kbd> open, <kbd>x</kbd> select, <kbd>a</kbd>{' '}
                acknowledge, <kbd>f</kbd> false positive
              </span>
            )}
          </div>
          <NewsBar known={rows} onShow={() => void query.refetch()} />
          <Rows
            of={pages}
            empty={
              <NoIncidents
                filtered={Object.values(filters).some(
                  (value) => value !== undefined && String(value) !== 'open,acknowledged,snoozed',
                )}
              />
            }
          >
            <ListTable<IncidentSummary>
              label="Incidents"
              rows={rows}
              columns={columns}
              rowId={(row) => row.incident_id}
              total={total}
              hasMore={hasMore}
              loadMore={loadMore}
              cursor={search.row}
              selected={selected}
              faded={(row) => row.state === 'resolved' && !search.state}
              sort={{
                by: list.sort ?? 'opened_at',
                order: list.order ?? 'desc',
                onChange: (by, order) => change({ sort: by as typeof search.sort, order }),
              }}
            />
          </Rows>
        </section>
      </div>
      {resolving.length > 0 ? (
        <ResolveDialog
          first="false_positive"
          count={resolving.length}
          onClose={() => setResolving([])}
          onConfirm={async (reason, note) => {
            const done = await resolve(resolving, reason, note);
            if (done) unselect(resolving);
            return done;
          }}
        />
      ) : null}
    </>
  );
}
