import { useQuery } from '@tanstack/react-query';
import type { KeyActivity } from '@tripkey/contract/api';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries.ts';
import { formatCount, formatShare, plural } from '../../format/numbers.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** From when to when, RFC 3339. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

interface ActivityProps {
  readonly keyId: string;
  readonly span: Span;
}

export const activityOf = (key_id: string, span: Span) =>
  ask('getKeyActivity', { params: { key_id }, query: span });

/** Where, from where, with what and with what success a key was used in the span. */
export function ActivityPanels({ keyId, span }: ActivityProps) {
  const activity = useQuery({
    ...activityOf(keyId, span),
    placeholderData: (before) => before,
  });
  return (
    <Answer of={activity}>
      {(data) =>
        data.requests === 0 ? (
          <section className="card" aria-label="Activity">
            <Empty title="Not used in this span of time" />
          </section>
        ) : (
          <Lists data={data} />
        )
      }
    </Answer>
  );
}

function Lists({ data }: { readonly data: KeyActivity }) {
  const cut = (shown: number, all: number) =>
    all > shown ? `the ${shown} busiest of ${formatCount(all)}` : undefined;
  return (
    <>
      <Uses
        title="Endpoints"
        note={cut(data.endpoints.length, data.totals.endpoints)}
        rows={data.endpoints.map((one) => ({
          ...one,
          id: `${one.method} ${one.route}`,
          name: (
            <>
              <Untrusted text={`${one.method} ${one.route}`} mono />{' '}
              {one.granted === false ? <span className="badge critical">outside its scopes</span> : null}
            </>
          ),
        }))}
      />
      <Uses
        title="Networks"
        note={
          cut(data.networks.length, data.totals.networks) ??
          plural(data.totals.countries, 'country', 'countries')
        }
        rows={data.networks.map((one) => ({
          ...one,
          id: one.network,
          name: (
            <>
              <Untrusted text={one.network} mono />{' '}
              <span className="muted">
                {one.country || 'unknown country'}, AS{one.asn}
              </span>
            </>
          ),
        }))}
      />
      <Uses
        title="Agents"
        note={cut(data.agents.length, data.totals.agents)}
        rows={data.agents.map((one) => ({
          ...one,
          id: one.agent_family,
          name: (
            <span className="two-lines">
              <Untrusted text={one.agent_family || 'none'} />
              <Untrusted text={one.sample} />
            </span>
          ),
        }))}
      />
      <Card title="Statuses" flush>
        <DataTable
          label="Statuses"
          rows={data.statuses}
          rowId={({ status }) => String(status)}
          columns={[
            { header: 'Status', cell: ({ status }) => status },
            { header: 'Requests', numeric: true, cell: ({ requests }) => formatCount(requests) },
            { header: 'Share', numeric: true, cell: ({ share }) => formatShare(share) },
          ]}
        />
      </Card>
    </>
  );
}

interface UseRow {
  readonly id: string;
  readonly name: ReactNode;
  readonly requests: number;
  readonly denied: number;
  readonly share: number;
  readonly last_at: string;
  readonly is_new: boolean;
}

function Uses({
  title,
  note,
  rows,
}: {
  readonly title: string;
  readonly note: string | undefined;
  readonly rows: readonly UseRow[];
}) {
  return (
    <Card title={title} note={note} flush>
      <DataTable
        label={title}
        rows={rows}
        rowId={({ id }) => id}
        columns={[
          {
            header: title.slice(0, -1),
            cell: (row) => (
              <>
                {row.name} {row.is_new ? <span className="badge high">new</span> : null}
              </>
            ),
          },
          {
            header: 'Share',
            wideOnly: true,
            className: 'share-cell',
            cell: ({ share }) => (
              <span className="bar" role="img" aria-label={formatShare(share)}>
                <span style={{ width: `${Math.max(1, share * 100)}%` }} />
              </span>
            ),
          },
          { header: 'Requests', numeric: true, cell: ({ requests }) => formatCount(requests) },
          {
            header: 'Denied',
            numeric: true,
            cell: ({ denied }) => (denied > 0 ? formatCount(denied) : <span className="muted">0</span>),
          },
          { header: 'Last', numeric: true, cell: (row) => <Moment at={row.last_at} style="ago" /> },
        ]}
      />
    </Card>
  );
}
