import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PipelineHealth } from '@tripkey/contract/api';
import { useLivePipeline } from '../../api/live.ts';
import { ask } from '../../api/queries.ts';
import { formatCount, formatShort } from '../../format/numbers.ts';
import { formatDuration } from '../../format/times.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, Empty, PageHead } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { DeadLettersPanel } from './dead-letters-panel.tsx';
import { GatewaysCard } from './gateways-card.tsx';

/** Whether what is shown elsewhere is complete: what arrives, what is stored, what is judged. */
export function PipelinePage() {
  const health = useQuery({ ...ask('getPipelineHealth', {}), refetchInterval: 10_000 });
  return (
    <>
      <PageHead title="Pipeline">What arrives, what is stored, what is judged.</PageHead>
      <Answer of={health}>{(data) => <Health health={data} />}</Answer>
      <DeadLettersPanel />
    </>
  );
}

function Health({ health }: { readonly health: PipelineHealth }) {
  const live = useLivePipeline();
  const behind = live?.behind_seconds ?? health.behind_seconds;
  return (
    <>
      {health.faults.map((fault) => (
        <p className="notice bad" key={fault} role="alert">
          {fault}
        </p>
      ))}
      <div className="figures">
        <div className={`figure${health.healthy ? '' : ' bad'}`}>
          <span className="name">State</span>
          <span className="value">{health.healthy ? 'Healthy' : 'Needs care'}</span>
          <span className="under">
            as of <Moment at={health.as_of} style="seconds" />
          </span>
        </div>
        <div className="figure">
          <span className="name">Behind</span>
          <span className="value">{behind === null ? '–' : formatDuration(behind * 1_000)}</span>
          <span className="under">
            {health.stored_until ? (
              <>
                stored until <Moment at={health.stored_until} style="seconds" />
              </>
            ) : (
              'nothing stored yet'
            )}
          </span>
        </div>
        <Figure name="Events in 5 min" count={health.events.last_5_min} />
        <Figure name="Events in an hour" count={health.events.last_hour} />
        <Figure name="Events in 24 h" count={health.events.last_24_h} />
      </div>
      <GatewaysCard gateways={health.gateways} />
      <div className="grid-2">
        <Partitions partitions={health.partitions} />
        <Detectors health={health} />
      </div>
    </>
  );
}

function Figure({ name, count }: { readonly name: string; readonly count: number }) {
  return (
    <div className="figure">
      <span className="name">{name}</span>
      <span className="value">{formatShort(count)}</span>
    </div>
  );
}

function Partitions({ partitions }: { readonly partitions: PipelineHealth['partitions'] }) {
  return (
    <Card title="Partitions" note="what ingest has stored" flush>
      {partitions.length === 0 ? (
        <Empty title="No partition is read yet" />
      ) : (
        <DataTable
          label="Partitions"
          rows={partitions}
          rowId={({ topic, partition }) => `${topic}/${partition}`}
          columns={[
            {
              header: 'Topic',
              cell: ({ topic, partition }) => (
                <code>
                  {topic}/{partition}
                </code>
              ),
            },
            { header: 'Offset', numeric: true, cell: ({ offset }) => formatCount(offset) },
            { header: 'Lag', numeric: true, cell: ({ lag }) => formatCount(lag) },
            {
              header: 'Stored until',
              numeric: true,
              cell: ({ stored_until }) => <Moment at={stored_until} style="ago" />,
            },
          ]}
        />
      )}
    </Card>
  );
}

function Detectors({ health }: { readonly health: PipelineHealth }) {
  return (
    <Card title="Detectors" note="what is judged" flush>
      {health.detectors.length === 0 ? (
        <Empty title="No detector has reported" />
      ) : (
        <DataTable
          label="Detectors"
          rows={health.detectors}
          rowId={({ shard }) => String(shard)}
          columns={[
            { header: 'Shard', cell: ({ shard }) => shard },
            {
              header: 'Judged until',
              numeric: true,
              cell: ({ judged_until }) => <Moment at={judged_until} style="ago" />,
            },
            {
              header: 'Told until',
              numeric: true,
              cell: ({ published_until }) => <Moment at={published_until} style="ago" />,
            },
            {
              header: 'Reported',
              numeric: true,
              cell: ({ reported_at }) => <Moment at={reported_at} style="ago" />,
            },
          ]}
        />
      )}
      {health.gaps.length > 0 ? (
        <div className="card-foot">
          <span className="badge critical">{formatCount(health.gaps.length)} gaps</span> events were gone
          before they were read; see{' '}
          <Link to="/sql" className="link">
            SQL
          </Link>
          .
        </div>
      ) : null}
    </Card>
  );
}
