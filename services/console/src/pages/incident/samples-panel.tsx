import type { SampleEvent } from '@tripkey/contract/api';
import { Card, Empty } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';

const shownAtFirst = 10;

/** The requests behind the incident, as they came. Everything in them is shown as text. */
export function SamplesPanel({ incidentId }: { readonly incidentId: string }) {
  const params = { incident_id: incidentId };
  const pages = usePages('listIncidentSamples', {
    params,
    query: { limit: shownAtFirst },
  });
  const { query, rows, total, hasMore, loadMore } = pages;
  return (
    <Card
      title="Requests"
      note={total === null ? 'newest first' : `${total.toLocaleString('en')}, newest first`}
      tools={<ExportMenu route="listIncidentSamples" params={params} query={{}} />}
      flush
    >
      <Rows
        of={pages}
        empty={
          <Empty title="No requests are kept any more">
            <p>
              Single requests are kept for 30 days unless the configuration says otherwise; counts stay
              longer.
            </p>
          </Empty>
        }
      >
        <Scroll label="Requests of the incident">
          <table className="table samples">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Request</th>
                <th scope="col">Status</th>
                <th scope="col">From</th>
                <th scope="col">Agent</th>
                <th scope="col">Gateway</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Sample key={row.event_id} row={row} />
              ))}
            </tbody>
          </table>
        </Scroll>
      </Rows>
      {hasMore ? (
        <div className="card-foot">
          <button
            type="button"
            className="button small"
            onClick={loadMore}
            disabled={query.isFetchingNextPage}
          >
            {query.isFetchingNextPage ? 'Loading …' : 'Show more'}
          </button>
        </div>
      ) : null}
    </Card>
  );
}

function Sample({ row }: { readonly row: SampleEvent }) {
  const tone = row.status >= 500 ? 'high' : row.status >= 400 ? 'critical' : 'good';
  return (
    <tr>
      <td>
        <Moment at={row.ts} style="seconds" />
      </td>
      <td>
        <Untrusted text={`${row.method} ${row.path}`} mono />
      </td>
      <td className="nowrap">
        <span className={`badge ${tone}`}>
          {row.status} {row.outcome.replaceAll('_', ' ')}
        </span>
      </td>
      <td>
        <Untrusted text={row.client_ip} mono /> <span className="muted">{row.country}</span>
      </td>
      <td>
        <Untrusted text={row.user_agent} />
      </td>
      <td>
        <Untrusted text={row.gateway} />
      </td>
    </tr>
  );
}
