import { getRouteApi } from '@tanstack/react-router';
import type { EndpointSummary } from '@tripkey/contract/api';
import { useMemo } from 'react';
import { formatBytes, formatCount, formatShare, formatShort } from '../../format/numbers.ts';
import { formatDuration } from '../../format/times.ts';
import { Empty, PageHead } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Rows } from '../../ui/rows.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { readRange } from '../../url/time-range.ts';

const route = getRouteApi('/endpoints');
const fallback = 'now-24h';
const minuteMs = 60_000;

/** What the keys are used on. */
export function EndpointsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  const { fromMs, toMs } = readRange(search.from, search.to, nowMs, fallback);
  const asked = useMemo(
    () => ({
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      q: search.q,
      sort: search.sort,
      order: search.order,
    }),
    [fromMs, toMs, search.q, search.sort, search.order],
  );
  const pages = usePages('listEndpoints', {
    query: { ...asked, limit: 200 },
  });
  const { rows, total, hasMore, loadMore } = pages;
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });
  return (
    <>
      <PageHead
        title="Endpoints"
        tools={
          <>
            <RangePicker from={search.from} to={search.to} fallback={fallback} onChange={change} />
            <ExportMenu route="listEndpoints" query={asked} />
          </>
        }
      />
      <section className="card" aria-label="Endpoints">
        <div className="card-head">
          <SearchField
            label="Search endpoints"
            placeholder="Part of the route"
            value={search.q}
            onChange={(q) => change({ q })}
          />
        </div>
        <Rows
          of={pages}
          empty={
            <Empty title="No endpoint was used">
              <p>Nothing in this span of time fits. A span is at most 7 days long.</p>
            </Empty>
          }
        >
          <ListTable<EndpointSummary>
            label="Endpoints"
            rows={rows}
            columns={columns}
            rowId={(row) => `${row.method} ${row.route}`}
            total={total}
            hasMore={hasMore}
            loadMore={loadMore}
            sort={{
              by: search.sort ?? 'requests',
              order: search.order ?? 'desc',
              onChange: (by, order) => change({ sort: by as typeof search.sort, order }),
            }}
          />
        </Rows>
      </section>
    </>
  );
}

const columns: readonly Column<EndpointSummary>[] = [
  {
    id: 'endpoint',
    header: 'Endpoint',
    sort: 'route',
    cell: (row) => (
      <span className="mono">
        <span className="method">{row.method}</span> <Untrusted text={row.route} mono />
      </span>
    ),
  },
  {
    id: 'requests',
    header: 'Requests',
    width: '6.5rem',
    numeric: true,
    sort: 'requests',
    cell: (row) => formatCount(row.requests),
  },
  {
    id: 'keys',
    header: 'Keys',
    width: '5rem',
    numeric: true,
    sort: 'keys',
    cell: (row) => formatCount(row.keys),
  },
  {
    id: 'denied',
    header: 'Denied',
    width: '8rem',
    numeric: true,
    wideOnly: true,
    sort: 'denied',
    cell: (row) =>
      row.denied === 0 ? (
        <span className="muted">0</span>
      ) : (
        `${formatShort(row.denied)} (${formatShare(row.denied / Math.max(1, row.requests))})`
      ),
  },
  {
    id: 'errors',
    header: 'Server errors',
    width: '7.5rem',
    numeric: true,
    wideOnly: true,
    sort: 'errors_5xx',
    cell: (row) => (row.errors_5xx === 0 ? <span className="muted">0</span> : formatCount(row.errors_5xx)),
  },
  {
    id: 'out',
    header: 'Sent out',
    width: '6.5rem',
    numeric: true,
    wideOnly: true,
    sort: 'bytes_out',
    cell: (row) => formatBytes(row.bytes_out),
  },
  {
    id: 'latency',
    header: 'p50 / p99',
    width: '8.5rem',
    numeric: true,
    wideOnly: true,
    cell: (row) => `${formatDuration(row.latency_ms_p50)} / ${formatDuration(row.latency_ms_p99)}`,
  },
  {
    id: 'first',
    header: 'First seen',
    width: '7.5rem',
    numeric: true,
    wideOnly: true,
    cell: (row) => <Moment at={row.first_seen_at} />,
  },
];
