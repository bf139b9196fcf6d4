import { getRouteApi, Link } from '@tanstack/react-router';
import type { AuditLine, AuditVerdict } from '@tripkey/contract/api';
import { useMemo, useState } from 'react';
import { call } from '../../api/call.ts';
import { formatCount, plural } from '../../format/numbers.ts';
import { Empty, PageHead } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Rows } from '../../ui/rows.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { parseMoment } from '../../url/time-range.ts';

const route = getRouteApi('/audit');

/** Who did what. Every line carries the hash of the one before, so that a missing or edited line shows. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useMemo(() => {
    const iso = (text: string | undefined) => {
      const at = text === undefined ? undefined : parseMoment(text, Date.now());
      return at === undefined ? undefined : new Date(at).toISOString();
    };
    const { actor, kind, incident: incident_id } = search;
    return { actor, kind, incident_id, from: iso(search.from), to: iso(search.to) };
  }, [search]);
  const pages = usePages('listAudit', {
    query: { ...asked, limit: 200 },
  });
  const { rows, total, hasMore, loadMore } = pages;
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });
  return (
    <>
      <PageHead
        title="Audit"
        tools={
          <>
            <RangePicker from={search.from} to={search.to} fallback={null} onChange={change} />
            <ExportMenu route="listAudit" query={asked} />
          </>
        }
      >
        Append-only, each line chained to the one before.
      </PageHead>
      <Verification />
      <section className="card" aria-label="Audit log">
        <div className="card-head">
          <SearchField
            label="Actor"
            placeholder="Beginning of the actor, such as slack:"
            value={search.actor}
            onChange={(actor) => change({ actor })}
          />
          {search.incident ? (
            <button type="button" className="button small" onClick={() => change({ incident: undefined })}>
              Incident {search.incident} ✕
            </button>
          ) : null}
        </div>
        <Rows of={pages} empty={<Empty title="Nothing is on record here" />}>
          <ListTable<AuditLine>
            label="Audit log"
            rows={rows}
            columns={columns}
            rowId={(row) => `${row.chain} ${row.seq}`}
            total={total}
            hasMore={hasMore}
            loadMore={loadMore}
          />
        </Rows>
      </section>
    </>
  );
}

const columns: readonly Column<AuditLine>[] = [
  { id: 'at', header: 'Time', width: '11.5rem', cell: (row) => <Moment at={row.at} style="full" /> },
  { id: 'actor', header: 'Who', width: '13rem', cell: (row) => <Untrusted text={row.actor} /> },
  { id: 'kind', header: 'What', width: '13rem', cell: (row) => row.kind.replaceAll('_', ' ') },
  {
    id: 'incident',
    header: 'Incident',
    width: '11rem',
    wideOnly: true,
    cell: (row) =>
      row.incident_id ? (
        <Link to="/incidents/$id" params={{ id: row.incident_id }} className="cell">
          <span className="mono">{row.incident_id}</span>
        </Link>
      ) : (
        <span className="muted">–</span>
      ),
  },
  {
    id: 'data',
    header: 'Detail',
    wideOnly: true,
    cell: (row) => <Untrusted text={JSON.stringify(row.data)} mono />,
  },
  {
    id: 'hash',
    header: 'Hash',
    width: '6.5rem',
    wideOnly: true,
    cell: (row) => (
      <code className="muted" title={`${row.chain} #${row.seq}: ${row.hash}`}>
        {row.hash.slice(0, 10)}
      </code>
    ),
  },
];

function Verification() {
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [fault, setFault] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    setFault(null);
    try {
      setVerdict(await call('verifyAudit', {}));
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack-s">
      <div className="button-row">
        <button type="button" className="button" disabled={busy} onClick={() => void verify()}>
          {busy ? 'Checking …' : 'Check the chains'}
        </button>
        {verdict?.whole ? (
          <span role="status">
            <span className="badge good">whole</span> {plural(verdict.lines, 'line')} in{' '}
            {plural(verdict.chains, 'chain')}: none edited, taken out or put in.
          </span>
        ) : null}
      </div>
      {fault ? <ProblemNotice error={fault} /> : null}
      {verdict && !verdict.whole ? (
        <div className="notice bad" role="alert">
          <strong>{formatCount(verdict.faults.length)} faults: the record is not whole</strong>
          {verdict.faults.map((one) => (
            <span key={`${one.chain} ${one.seq}`}>
              <code>
                {one.chain} #{one.seq}
              </code>{' '}
              {one.fault}: {one.detail}
            </span>
          ))}
        </div>
      ) : null}
    </div>
  );
}
