import { getRouteApi, Link } from '@tanstack/react-router';
import type { LeakReport } from '@tripkey/contract/api';
import { Empty, PageHead } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';

const route = getRouteApi('/leaks');

/** Secrets that somebody found in a public place. Those of known keys are incidents as well; the others are only here. */
export function LeaksPage() {
  const { matched } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = matched ? { matched } : {};
  const pages = usePages('listLeakReports', { query: { ...asked, limit: 100 } });
  const { rows, total, hasMore, loadMore } = pages;
  return (
    <>
      <PageHead
        title="Leaks"
        tools={
          <>
            <select
              className="select"
              aria-label="Whose secrets"
              value={matched ?? ''}
              onChange={(event) => {
                const { value } = event.target;
                const search = value === 'yes' || value === 'no' ? { matched: value } : {};
                void navigate({ to: '.', search, replace: true });
              }}
            >
              <option value="">All reports</option>
              <option value="yes">Of known keys</option>
              <option value="no">Of no known key</option>
            </select>
            <ExportMenu route="listLeakReports" query={asked} />
          </>
        }
      >
        Secrets that leak feeds found in public. Only a keyed hash of each is kept.
      </PageHead>
      <section className="card" aria-label="Leak reports">
        <Rows
          of={pages}
          empty={
            <Empty title="No secret was reported">
              <p>
                Feeds of GitHub, GitGuardian and TruffleHog are set up in the configuration, and keys are
                found by the <code>secret_hashes</code> of their records.
              </p>
            </Empty>
          }
        >
          <ListTable<LeakReport>
            label="Leak reports"
            rows={rows}
            columns={columns}
            rowId={(row) => row.report_id}
            total={total}
            hasMore={hasMore}
            loadMore={loadMore}
          />
        </Rows>
      </section>
    </>
  );
}

const columns: readonly Column<LeakReport>[] = [
  {
    id: 'at',
    header: 'Reported',
    width: '11.5rem',
    cell: (row) => <Moment at={row.reported_at} style="full" />,
  },
  { id: 'feed', header: 'Feed', width: '8rem', cell: (row) => row.feed },
  {
    id: 'key',
    header: 'Key',
    width: '15rem',
    cell: ({ key_id }) =>
      key_id === null ? (
        <span className="badge plain">no known key</span>
      ) : (
        <Link to="/keys/$id" params={{ id: key_id }} className="cell">
          <Untrusted text={key_id} mono />
        </Link>
      ),
  },
  {
    id: 'type',
    header: 'Taken for',
    width: '12rem',
    wideOnly: true,
    cell: (row) => <Untrusted text={row.secret_type} />,
  },
  { id: 'place', header: 'Found at', cell: (row) => <Untrusted text={row.place} /> },
  {
    id: 'fingerprint',
    header: 'Fingerprint',
    width: '8rem',
    wideOnly: true,
    cell: ({ fingerprint }) => (
      <code className="muted" title={fingerprint}>
        {fingerprint.slice(0, 12)}
      </code>
    ),
  },
];
