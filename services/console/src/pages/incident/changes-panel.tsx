import { useQuery } from '@tanstack/react-query';
import type { IncidentChanges, IncidentDetail } from '@tripkey/contract/api';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries.ts';
import { formatBytes, formatCount, formatNumber, plural } from '../../format/numbers.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { holdOfStop } from './hold-of-stop.ts';

interface PanelProps {
  readonly incident: IncidentDetail;
}

function useChanges({ incident }: PanelProps) {
  return useQuery({
    ...ask('getIncidentChanges', { params: { incident_id: incident.incident_id } }),
    refetchInterval: incident.state === 'resolved' ? false : 15_000,
  });
}

/** What is new about the key since the incident began. */
export function WhatChanged(props: PanelProps) {
  return (
    <Card title="What changed" note="against the 14 days before">
      <Answer of={useChanges(props)}>{(changes) => <Changes changes={changes} />}</Answer>
    </Card>
  );
}

const rateNames: Readonly<Record<string, string>> = {
  requests: 'Requests a minute of use',
  bytes_out: 'Bytes out a minute of use',
  denied: 'Denied a minute of use',
  errors_5xx: 'Server errors a minute of use',
};

function Changes({ changes }: { readonly changes: IncidentChanges }) {
  const { new_networks, new_endpoints, new_agents, rates } = changes;
  return (
    <div className="stack-s">
      <News title="New networks" count={new_networks.length}>
        {new_networks.map((one) => (
          <li key={one.network}>
            <Untrusted text={one.network} mono />{' '}
            <span className="muted">
              {one.country || 'unknown country'}, AS{one.asn}
            </span>
            <span className="count">{plural(one.requests, 'request')}</span>
          </li>
        ))}
      </News>
      <News title="New endpoints" count={new_endpoints.length}>
        {new_endpoints.map((one) => (
          <li key={`${one.method} ${one.route}`}>
            <Untrusted text={`${one.method} ${one.route}`} mono />
            {one.granted === false ? <span className="badge critical">outside its scopes</span> : null}
            <span className="count">{plural(one.requests, 'request')}</span>
          </li>
        ))}
      </News>
      <News title="New agents" count={new_agents.length}>
        {new_agents.map((one) => (
          <li key={one.agent_family}>
            <Untrusted text={one.agent_family} mono />
            <span className="count">{plural(one.requests, 'request')}</span>
          </li>
        ))}
      </News>
      <DataTable
        className="compact"
        rows={rates}
        rowId={({ what }) => what}
        columns={[
          { header: 'Rate', className: 'soft', cell: ({ what }) => rateNames[what] ?? what },
          { header: 'Now', numeric: true, className: 'strong', cell: ({ what, now }) => amount(what, now) },
          { header: 'Before', numeric: true, cell: ({ what, before }) => amount(what, before) },
        ]}
      />
    </div>
  );
}

const amount = (what: string, value: number) =>
  what === 'bytes_out' ? formatBytes(value) : formatNumber(value);

function News({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <h3>
        {title} <span className="muted">{count === 0 ? 'none' : formatCount(count)}</span>
      </h3>
      {count > 0 ? <ul className="news">{children}</ul> : null}
    </div>
  );
}

/** How far it reached: what was read and written. */
export function BlastRadius(props: PanelProps) {
  return (
    <Card title="Blast radius" note="since it began">
      <Answer of={useChanges(props)}>
        {({ blast_radius }) => <Reach reach={blast_radius} hold={holdOfStop(props.incident.operations)} />}
      </Answer>
    </Card>
  );
}

interface ReachProps {
  readonly reach: IncidentChanges['blast_radius'];
  /** Once the traffic proves the stop, what was let through after it was let through before it took effect. */
  readonly hold: ReturnType<typeof holdOfStop>;
}

function Reach({ reach, hold }: ReachProps) {
  const figures = [
    {
      name: 'Requests let through',
      value: `${formatCount(reach.accepted)} of ${formatCount(reach.requests)}`,
    },
    { name: 'Different objects', value: formatCount(reach.objects) },
    { name: 'Written', value: plural(reach.writes, 'request') },
    { name: 'Sent out', value: formatBytes(reach.bytes_out) },
    { name: 'From', value: plural(reach.networks, 'network') },
  ];
  return (
    <div className="stack-s">
      <dl className="facts">
        {figures.map(({ name, value }) => (
          <div key={name} className="keys-row">
            <dt>{name}</dt>
            <dd className="strong">{value}</dd>
          </div>
        ))}
        <div className="keys-row">
          <dt>After the stop</dt>
          <dd>
            {reach.after_stop === null ? (
              <span className="muted">not stopped</span>
            ) : hold === 'enabled' ? (
              <>
                {plural(reach.after_stop, 'request')} let through, counting those since it was enabled again
              </>
            ) : reach.after_stop === 0 ? (
              <span className="badge good">nothing let through</span>
            ) : hold === 'proven' ? (
              <>{plural(reach.after_stop, 'request')} let through until it took effect, none since</>
            ) : (
              <span className="badge critical">{plural(reach.after_stop, 'request')} let through</span>
            )}
          </dd>
        </div>
      </dl>
      <DataTable
        label="Reached endpoints"
        className="compact"
        rows={reach.endpoints}
        rowId={({ method, route }) => `${method} ${route}`}
        columns={[
          {
            header: 'Reached',
            cell: ({ method, route }) => <Untrusted text={`${method} ${route}`} mono />,
          },
          { header: 'Let through', numeric: true, cell: ({ accepted }) => formatCount(accepted) },
          { header: 'Objects', numeric: true, cell: ({ objects }) => formatCount(objects) },
          { header: 'Out', numeric: true, cell: ({ bytes_out }) => formatBytes(bytes_out) },
        ]}
      />
    </div>
  );
}
