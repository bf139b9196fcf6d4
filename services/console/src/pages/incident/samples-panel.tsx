import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
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
  const { rows, total } = pages;
  return (
    <Card
      title="Requests"
      note={total === null ? 'newest first' : `${total.toLocaleString('en')}, newest first`}
      tools={<ExportMenu route="listIncidentSamples" params={params} query={{}} />}
      flush
    >
      <Rows
        of={pages}
        more="Show more"
        empty={
          <Empty title="No requests are kept any more">
            <p>
              Single requests are kept for 30 days unless the configuration says otherwise; counts stay
              longer.
            </p>
          </Empty>
        }
      >
        <DataTable
          label="Requests of the incident"
          className="samples"
          rows={rows}
          rowId={({ event_id }) => event_id}
          columns={[
            { header: 'Time', cell: ({ ts }) => <Moment at={ts} style="seconds" /> },
            { header: 'Request', cell: ({ method, path }) => <Untrusted text={`${method} ${path}`} mono /> },
            {
              header: 'Status',
              className: 'nowrap',
              cell: ({ status, outcome }) => (
                <span className={`badge ${toneOf(status)}`}>
                  {status} {outcome.replaceAll('_', ' ')}
                </span>
              ),
            },
            {
              header: 'From',
              cell: ({ client_ip, country }) => (
                <>
                  <Untrusted text={client_ip} mono /> <span className="muted">{country}</span>
                </>
              ),
            },
            { header: 'Agent', cell: ({ user_agent }) => <Untrusted text={user_agent} /> },
            { header: 'Gateway', cell: ({ gateway }) => <Untrusted text={gateway} /> },
          ]}
        />
      </Rows>
    </Card>
  );
}

function toneOf(status: number): string {
  if (status >= 500) return 'high';
  return status >= 400 ? 'critical' : 'good';
}
