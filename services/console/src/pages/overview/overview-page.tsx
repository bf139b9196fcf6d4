import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Overview } from '@tripkey/contract/api';
import { useMemo } from 'react';
import { ask } from '../../api/queries.ts';
import type { ChartData } from '../../chart/chart-data.ts';
import { TimeChart } from '../../chart/time-chart.tsx';
import { formatCount, formatShort } from '../../format/numbers.ts';
import { formatDuration } from '../../format/times.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, Empty, PageHead } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { NoEvents } from '../incidents/no-incidents.tsx';
import { HygieneCard } from './hygiene-card.tsx';
import { NeedsMe } from './needs-me.tsx';
import { NoisyRules } from './noisy-rules.tsx';

/** What needs somebody now, and how the fleet is. */
export function OverviewPage() {
  const overview = useQuery({ ...ask('getOverview', {}), refetchInterval: 30_000 });
  return (
    <>
      <PageHead title="Overview" />
      <Answer of={overview}>{(data) => <Whole data={data} />}</Answer>
    </>
  );
}

function Whole({ data }: { readonly data: Overview }) {
  const requests = data.traffic.points.reduce((sum, point) => sum + point.requests, 0);
  if (requests === 0 && data.traffic.keys === 0) {
    return (
      <section className="card" aria-label="First steps">
        <NoEvents />
      </section>
    );
  }
  return (
    <>
      <Figures data={data} requests={requests} />
      <NeedsMe data={data} />
      <Traffic traffic={data.traffic} asOf={data.as_of} />
      <div className="grid-2">
        <NoisyRules rules={data.noisy_rules} budget={data.budget} />
        <HygieneCard hygiene={data.hygiene} asOf={data.hygiene_as_of} />
      </div>
    </>
  );
}

function Figures({ data, requests }: { readonly data: Overview; readonly requests: number }) {
  const { incidents, traffic, pipeline } = data;
  const acknowledged = incidents.seconds_to_acknowledge_p50_7d;
  return (
    <div className="figures">
      <Link to="/incidents" className={`figure${incidents.critical > 0 ? ' bad' : ''}`}>
        <span className="name">Open incidents</span>
        <span className="value">{formatCount(incidents.open)}</span>
        <span className="under">
          {incidents.critical} critical, {incidents.high} high
        </span>
      </Link>
      <Link to="/incidents" search={{ state: ['all'], from: 'now-24h' }} className="figure">
        <span className="name">Opened in 24 h</span>
        <span className="value">{formatCount(incidents.opened_24h)}</span>
        <span className="under">{formatCount(incidents.resolved_24h)} resolved</span>
      </Link>
      <div className="figure">
        <span className="name">Acknowledged after</span>
        <span className="value">{acknowledged === null ? '–' : formatDuration(acknowledged * 1_000)}</span>
        <span className="under">median of 7 days</span>
      </div>
      <Link to="/keys" className="figure">
        <span className="name">Keys in use</span>
        <span className="value">{formatShort(traffic.active_keys_24h)}</span>
        <span className="under">of {formatShort(traffic.keys)}, in 24 h</span>
      </Link>
      <Link to="/endpoints" className="figure">
        <span className="name">Requests in 24 h</span>
        <span className="value">{formatShort(requests)}</span>
        <span className="under">all keys</span>
      </Link>
      <Link to="/pipeline" className={`figure${pipeline.healthy ? '' : ' bad'}`}>
        <span className="name">Pipeline</span>
        <span className="value">{pipeline.healthy ? 'Healthy' : 'Needs care'}</span>
        <span className="under">
          {pipeline.behind_seconds === null
            ? 'nothing stored yet'
            : `${formatDuration(pipeline.behind_seconds * 1_000)} behind`}
        </span>
      </Link>
    </div>
  );
}

function Traffic({ traffic, asOf }: { readonly traffic: Overview['traffic']; readonly asOf: string }) {
  const data = useMemo<ChartData>(
    () => ({
      atMs: traffic.points.map((point) => Date.parse(point.at)),
      stepMs: traffic.step_seconds * 1_000,
      lines: [
        {
          name: 'Requests',
          tone: 'accent',
          filled: true,
          values: traffic.points.map((point) => point.requests),
        },
        { name: 'Denied', tone: 'critical', values: traffic.points.map((point) => point.denied) },
        { name: 'Rate limited', tone: 'medium', values: traffic.points.map((point) => point.rate_limited) },
      ],
      band: null,
      flagged: [],
    }),
    [traffic],
  );
  return (
    <Card
      title="Traffic of all keys"
      note={
        <>
          24 hours, as of <Moment at={asOf} style="seconds" />
        </>
      }
    >
      {traffic.points.length === 0 ? (
        <Empty title="No requests in the past 24 hours" />
      ) : (
        <TimeChart data={data} height={190} />
      )}
    </Card>
  );
}
