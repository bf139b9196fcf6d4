import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { keyStatuses } from '@tripkey/contract';
import { type HygieneIssue, hygieneIssues, type KeySummary } from '@tripkey/contract/api';
import { useMemo, useState } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { Empty, PageHead } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { NoEvents } from '../incidents/no-incidents.tsx';
import { hygieneWord, keyTone } from './words.ts';

const route = getRouteApi('/keys');
const pageRows = 500;

/** Every key, found by any part of what it is known by. Stays smooth at any number: only rows in sight are there. */
export function KeysPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const go = useNavigate();
  const [cursorId, setCursorId] = useState<string>();
  const asked = useMemo(
    () => ({
      q: search.q,
      status: search.status,
      hygiene: search.hygiene,
      sort: search.sort,
      order: search.order,
    }),
    [search],
  );
  const pages = usePages('listKeys', {
    query: { ...asked, limit: pageRows },
  });
  const { rows, total, hasMore, loadMore } = pages;
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });
  const cursor = rows.findIndex((row) => row.key_id === cursorId);
  const move = (by: number) => setCursorId(rows[Math.max(0, Math.min(rows.length - 1, cursor + by))]?.key_id);
  useShortcuts([
    { keys: 'j', what: 'Next key', run: () => move(1) },
    { keys: 'k', what: 'Key before', run: () => move(-1) },
    {
      keys: 'Enter',
      what: 'Open the key',
      run: () => cursorId && void go({ to: '/keys/$id', params: { id: cursorId } }),
    },
  ]);
  const filtered = search.q !== undefined || search.status !== undefined || search.hygiene !== undefined;
  return (
    <>
      <PageHead title="Keys" tools={<ExportMenu route="listKeys" query={asked} />}>
        Known by their public id; the secret is never here.
      </PageHead>
      <section className="card" aria-label="Keys">
        <div className="card-head">
          <SearchField
            label="Search keys"
            placeholder="Id, last four, name, owner, tag …"
            value={search.q}
            onChange={(q) => change({ q })}
          />
          <select
            className="select"
            aria-label="Status"
            value={search.status?.[0] ?? ''}
            onChange={(event) => {
              const status = event.target.value;
              change({ status: status === '' ? undefined : [status as (typeof keyStatuses)[number]] });
            }}
          >
            <option value="">Any status</option>
            {[...keyStatuses, 'unregistered'].map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
          <select
            className="select"
            aria-label="Hygiene"
            value={search.hygiene ?? ''}
            onChange={(event) =>
              change({
                hygiene: event.target.value === '' ? undefined : (event.target.value as HygieneIssue),
              })
            }
          >
            <option value="">Any hygiene</option>
            {hygieneIssues.map((issue) => (
              <option key={issue} value={issue}>
                {hygieneWord(issue)}
              </option>
            ))}
          </select>
        </div>
        <Rows
          of={pages}
          empty={
            filtered ? (
              <Empty title="No key fits">
                <p>
                  Search finds the beginning or the last four of an id, or a part of a name, owner, account or
                  tag.
                </p>
              </Empty>
            ) : (
              <NoEvents />
            )
          }
        >
          <ListTable<KeySummary>
            label="Keys"
            rows={rows}
            columns={columns}
            rowId={(row) => row.key_id}
            total={total}
            hasMore={hasMore}
            loadMore={loadMore}
            cursor={cursorId}
            sort={{
              by: search.sort ?? 'last_used_at',
              order: search.order ?? 'desc',
              onChange: (by, order) => change({ sort: by as typeof search.sort, order }),
            }}
          />
        </Rows>
      </section>
    </>
  );
}

const columns: readonly Column<KeySummary>[] = [
  {
    id: 'key',
    header: 'Key',
    sort: 'key_id',
    cell: (row) => (
      <span className="two-lines">
        <Link to="/keys/$id" params={{ id: row.key_id }} className="cell">
          <Untrusted text={row.name || row.key_id} />
        </Link>
        <Untrusted text={row.key_id} mono />
      </span>
    ),
  },
  {
    id: 'owner',
    header: 'Owner',
    width: '14rem',
    wideOnly: true,
    cell: (row) => (
      <span className="two-lines">
        <span>{row.owner ? <Untrusted text={row.owner} /> : <span className="muted">nobody</span>}</span>
        <Untrusted text={row.app_id || row.account_id} />
      </span>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    width: '9.5rem',
    cell: (row) => (
      <span className="states">
        <span className={`badge ${keyTone(row.status)}`}>{row.status}</span>
        {row.protected ? <span className="badge plain">protected</span> : null}
      </span>
    ),
  },
  {
    id: 'incident',
    header: 'Incident',
    width: '6.5rem',
    wideOnly: true,
    cell: (row) =>
      row.open_incident ? (
        <Link to="/incidents/$id" params={{ id: row.open_incident.incident_id }}>
          <SeverityMark severity={row.open_incident.severity} />
        </Link>
      ) : (
        <span className="muted">–</span>
      ),
  },
  {
    id: 'day',
    header: '24 hours',
    width: '7.5rem',
    wideOnly: true,
    cell: (row) => (
      <Sparkline values={row.hours_24h} label={`${formatCount(row.requests_24h)} requests in 24 hours`} />
    ),
  },
  {
    id: 'requests',
    header: 'Requests',
    width: '6.5rem',
    numeric: true,
    wideOnly: true,
    sort: 'requests_24h',
    cell: (row) => formatCount(row.requests_24h),
  },
  {
    id: 'denied',
    header: 'Denied',
    width: '5.5rem',
    numeric: true,
    wideOnly: true,
    cell: (row) => (row.denied_24h > 0 ? formatCount(row.denied_24h) : <span className="muted">0</span>),
  },
  {
    id: 'used',
    header: 'Last used',
    width: '6.5rem',
    numeric: true,
    sort: 'last_used_at',
    cell: (row) => <Moment at={row.last_used_at} style="ago" />,
  },
];
