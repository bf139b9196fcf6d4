import type { PipelineHealth } from '@tripkey/contract/api';
import type { ReactNode } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { Card } from '../../ui/card.tsx';
import { CountBadge, DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { NoEvents } from '../incidents/no-incidents.tsx';

type Gateway = PipelineHealth['gateways'][number];
type Heartbeat = NonNullable<Gateway['heartbeat']>;

/** What comes from each gateway, and what it says of itself. */
export function GatewaysCard({ gateways }: { readonly gateways: readonly Gateway[] }) {
  return (
    <Card title="Gateways" note="what came, and what they say of themselves" flush>
      {gateways.length === 0 ? (
        <NoEvents />
      ) : (
        <DataTable
          label="Gateways"
          rows={gateways}
          rowId={({ gateway }) => gateway}
          columns={[
            { header: 'Gateway', cell: ({ gateway }) => <Untrusted text={gateway || 'unnamed'} mono /> },
            { header: 'State', cell: stateOf },
            {
              header: 'Last event',
              numeric: true,
              cell: ({ last_event_at }) => <Moment at={last_event_at} style="ago" />,
            },
            { header: 'In an hour', numeric: true, cell: ({ events_hour }) => formatCount(events_hour) },
            { header: 'In 24 h', numeric: true, cell: ({ events_24h }) => formatCount(events_24h) },
            { header: 'Missing', numeric: true, cell: missingOf },
            {
              header: 'Heartbeat',
              cell: ({ heartbeat }) =>
                heartbeat ? lastBeat(heartbeat) : <span className="muted">none</span>,
            },
            {
              header: 'Waiting',
              numeric: true,
              cell: ({ heartbeat }) => (heartbeat ? formatCount(heartbeat.waiting) : '–'),
            },
            { header: 'Lost', cell: ({ heartbeat }) => (heartbeat ? losses(heartbeat) : '–') },
          ]}
        />
      )}
    </Card>
  );
}

function stateOf({ blind, heartbeat, events_hour }: Gateway): ReactNode {
  if (blind) return <span className="badge critical">silent</span>;
  if (events_hour === 0 && heartbeat?.state === 'closed') return <span className="badge">closed</span>;
  if (events_hour === 0 && heartbeat?.state === 'alive') return <span className="badge good">idle</span>;
  return <span className="badge good">reporting</span>;
}

function missingOf({ missing_24h }: Gateway): ReactNode {
  if (missing_24h === null) return <span className="muted">not numbered</span>;
  return <CountBadge count={missing_24h} tone="high" />;
}

function lastBeat({ state, last_at }: Heartbeat): ReactNode {
  return (
    <>
      {state === 'overdue' ? <span className="badge high">overdue</span> : null}{' '}
      <Moment at={last_at} style="ago" />
    </>
  );
}

function losses({ dropped }: Heartbeat): ReactNode {
  const lost = Object.entries(dropped).filter(([, count]) => count > 0);
  if (lost.length === 0) return <span className="muted">0</span>;
  return lost.map(([reason, count]) => (
    <span className="badge high" key={reason}>
      {formatCount(count)} {reason.replaceAll('_', ' ')}
    </span>
  ));
}
