import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { IncidentDetail } from '@tripkey/contract/api';
import { useEffect } from 'react';
import { ask } from '../../api/queries.ts';
import { plural } from '../../format/numbers.ts';
import { visibleText } from '../../text/visible-runs.ts';
import { Answer } from '../../ui/answer.tsx';
import { Moment } from '../../ui/moment.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { AsideFacts } from './aside-facts.tsx';
import { BlastRadius, WhatChanged } from './changes-panel.tsx';
import { IncidentActions } from './incident-actions.tsx';
import { IncidentChart } from './incident-chart.tsx';
import { SamplesPanel } from './samples-panel.tsx';
import { SqlPanel } from './sql-panel.tsx';
import { StopProgress } from './stop-progress.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { WhyPanel } from './why-panel.tsx';
import { resolutionWord, stateWord } from './words.ts';
import './incident.css';

const route = getRouteApi('/incidents/$id');

/** One incident: what happened, why it is said, what it reached, what is done about it. The permalink from Slack. */
export function IncidentPage() {
  const { id } = route.useParams();
  const incident = useQuery(ask('getIncident', { params: { incident_id: id } }));
  return <Answer of={incident}>{(data) => <Incident incident={data} />}</Answer>;
}

function Incident({ incident }: { readonly incident: IncidentDetail }) {
  useEffect(() => {
    document.title = `${visibleText(incident.key_name || incident.subject.id)}: ${incident.title} · Tripkey`;
    return () => {
      document.title = 'Tripkey';
    };
  }, [incident]);
  return (
    <>
      <header className={`incident-head ${incident.severity}`}>
        <nav className="crumbs" aria-label="Where I am">
          <Link to="/incidents" className="link">
            Incidents
          </Link>
          <span aria-hidden="true">/</span>
          <code>{incident.incident_id}</code>
        </nav>
        <h1>
          <Untrusted text={incident.sentence} />
        </h1>
        <div className="incident-meta">
          <SeverityMark severity={incident.severity} />
          <StateBadge incident={incident} />
          <span>
            risk <strong>{incident.score.toFixed(1)}</strong> from {plural(incident.findings, 'finding')}
          </span>
          <span>
            opened <Moment at={incident.opened_at} style="ago" />
          </span>
          {incident.silenced ? <span className="badge plain">its message is silenced</span> : null}
        </div>
        <IncidentActions incident={incident} />
      </header>
      <div className="grid-side">
        <div className="stack">
          <IncidentChart incident={incident} />
          <WhyPanel incident={incident} />
          <div className="grid-2">
            <WhatChanged incident={incident} />
            <BlastRadius incident={incident} />
          </div>
          <SamplesPanel incidentId={incident.incident_id} />
          <SqlPanel queries={incident.sql} />
        </div>
        <aside className="stack" aria-label="Response and facts">
          <StopProgress incident={incident} />
          <AsideFacts incident={incident} />
          <TimelinePanel incidentId={incident.incident_id} />
        </aside>
      </div>
    </>
  );
}

function StateBadge({ incident }: { readonly incident: IncidentDetail }) {
  const { state, acknowledged, snoozed_until, resolution } = incident;
  const tone = state === 'resolved' ? 'good' : state === 'open' ? 'high' : 'accent';
  return (
    <span className={`badge ${tone}`} data-state={state}>
      {stateWord(state)}
      {state === 'acknowledged' && acknowledged ? ` by ${visibleText(acknowledged.name)}` : ''}
      {state === 'resolved' && resolution ? `: ${resolutionWord(resolution.reason)}` : ''}
      {state === 'snoozed' && snoozed_until ? (
        <>
          {' until '}
          <Moment at={snoozed_until} />
        </>
      ) : null}
    </span>
  );
}
