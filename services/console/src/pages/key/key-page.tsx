import { usePrefetchQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { KeyDetail } from '@tripkey/contract/api';
import { type ReactNode, useMemo } from 'react';
import { ask } from '../../api/queries.ts';
import { type Measure, measureName, measures, toChartData } from '../../chart/chart-data.ts';
import { TimeChart } from '../../chart/time-chart.tsx';
import { formatCount, plural } from '../../format/numbers.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { readRange } from '../../url/time-range.ts';
import { hygieneWord, keyTone } from '../keys/words.ts';
import { ActivityPanels, activityOf, type Span } from './activity-panels.tsx';
import { GrantsPanel } from './grants-panel.tsx';
import { LifecyclePanel } from './lifecycle-panel.tsx';

const route = getRouteApi('/keys/$id');
const fallback = 'now-24h';
const minuteMs = 60_000;

/** One key: how it is used, what it may do, what became of it. */
export function KeyPage() {
  const { id } = route.useParams();
  const { from, to, tab = 'activity' } = route.useSearch();
  const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  const range = readRange(from, to, nowMs, fallback);
  const span = useMemo(
    () => ({ from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() }),
    [range.fromMs, range.toMs],
  );
  const key = useQuery(ask('getKey', { params: { key_id: id } }));
  // What is shown below is asked for at once, and not only when the key is known.
  usePrefetchQuery(usageOf(id, span));
  const activity = activityOf(id, span);
  usePrefetchQuery(tab === 'activity' ? activity : { ...activity, enabled: false });
  return <Answer of={key}>{(data) => <Key detail={data} span={span} />}</Answer>;
}

const usageOf = (key_id: string, span: Span) => ask('getKeyUsage', { params: { key_id }, query: span });

function Key({ detail, span }: { readonly detail: KeyDetail; readonly span: Span }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const tab = search.tab ?? 'activity';
  const look = (next: { from: string | undefined; to: string | undefined }) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });
  return (
    <>
      <PageHead
        title={
          <>
            <Untrusted text={detail.name || detail.key_id} />{' '}
            <span className={`badge ${keyTone(detail.status)}`}>{detail.status}</span>{' '}
            {detail.protected ? <span className="badge plain">protected</span> : null}
          </>
        }
        tools={<RangePicker from={search.from} to={search.to} fallback={fallback} onChange={look} />}
      >
        <Untrusted text={detail.key_id} mono />
      </PageHead>
      {detail.open_incidents.map((incident) => (
        <Link
          key={incident.incident_id}
          to="/incidents/$id"
          params={{ id: incident.incident_id }}
          className={`notice open-incident ${['critical', 'high'].includes(incident.severity) ? 'bad' : 'warn'}`}
        >
          <SeverityMark severity={incident.severity} /> <strong>{incident.title}</strong>
        </Link>
      ))}
      <div className="grid-side">
        <div className="stack">
          <KeyChart keyId={detail.key_id} span={span} onLook={look} />
          <nav className="tabs" aria-label="Parts of this page">
            {tabs.map(({ id, label }) => (
              <Link
                key={id}
                to="/keys/$id"
                params={{ id: detail.key_id }}
                search={{ ...search, tab: id === 'activity' ? undefined : id }}
                activeOptions={{ exact: true, includeSearch: true }}
                replace
              >
                {label}
              </Link>
            ))}
          </nav>
          {tab === 'activity' ? <ActivityPanels keyId={detail.key_id} span={span} /> : null}
          {tab === 'grants' ? <GrantsPanel keyId={detail.key_id} /> : null}
          {tab === 'lifecycle' ? <LifecyclePanel detail={detail} /> : null}
        </div>
        <aside className="stack" aria-label="Facts">
          <Facts detail={detail} />
          <Hygiene detail={detail} />
        </aside>
      </div>
    </>
  );
}

const tabs = [
  { id: 'activity', label: 'Activity' },
  { id: 'grants', label: 'Grants' },
  { id: 'lifecycle', label: 'Lifecycle' },
] as const;

interface KeyChartProps {
  readonly keyId: string;
  readonly span: Span;
  readonly onLook: (range: { from: string; to: string }) => void;
}

function KeyChart({ keyId, span, onLook }: KeyChartProps) {
  const search = route.useSearch();
  const { measure = 'requests' } = search;
  const navigate = route.useNavigate();
  const usage = useQuery({
    ...usageOf(keyId, span),
    placeholderData: (before) => before,
  });
  const data = useMemo(
    () => (usage.data ? toChartData(usage.data, measure) : undefined),
    [usage.data, measure],
  );
  const choose = (next: Measure) =>
    void navigate({
      to: '.',
      search: { ...search, measure: next === 'requests' ? undefined : next },
      replace: true,
    });
  const baseline = usage.data?.baseline;
  return (
    <Card
      title="Usage"
      note={
        baseline
          ? baseline.ready
            ? `baseline of ${baseline.active_days} days with traffic`
            : `no baseline yet: ${baseline.reason ?? `${baseline.active_days} days with traffic`}`
          : undefined
      }
      tools={
        <fieldset className="segments wide-only" aria-label="What to show">
          {measures.map((one) => (
            <button key={one} type="button" aria-pressed={one === measure} onClick={() => choose(one)}>
              {measureName(one)}
            </button>
          ))}
        </fieldset>
      }
    >
      <Answer of={usage}>
        {() =>
          data ? (
            <TimeChart
              data={data}
              height={230}
              onRange={(fromMs, toMs) =>
                onLook({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })
              }
            />
          ) : null
        }
      </Answer>
    </Card>
  );
}

function Facts({ detail }: { readonly detail: KeyDetail }) {
  const text = (value: string, none = '–') =>
    value ? <Untrusted text={value} /> : <span className="muted">{none}</span>;
  const tags = Object.entries(detail.tags).map(([name, value]) => `${name}:${value}`);
  const facts: readonly { readonly name: string; readonly value: ReactNode }[] = [
    { name: 'Owner', value: text(detail.owner, 'nobody') },
    { name: 'Account', value: text(detail.account_id) },
    { name: 'Application', value: text(detail.app_id) },
    { name: 'Issuer', value: text(detail.issuer) },
    { name: 'Scopes', value: text(detail.scopes.join(', ')) },
    {
      name: 'Rate limit',
      value: detail.rate_limit === null ? '–' : `${formatCount(detail.rate_limit)} a minute`,
    },
    { name: 'Quota', value: detail.quota === null ? '–' : `${formatCount(detail.quota)} a month` },
    { name: 'Created', value: <Moment at={detail.created_at} /> },
    { name: 'Expires', value: <Moment at={detail.expires_at} /> },
    { name: 'Rotated', value: <Moment at={detail.rotated_at} /> },
    { name: 'First used', value: <Moment at={detail.first_used_at} /> },
    { name: 'Last used', value: <Moment at={detail.last_used_at} style="ago" /> },
    { name: 'Last let through', value: <Moment at={detail.last_accepted_at} style="ago" /> },
    { name: 'Peers', value: `${plural(detail.peers.keys, 'key')} of the application` },
    { name: 'Tags', value: text(tags.join(', ')) },
  ];
  return (
    <Card title="Facts">
      <dl className="facts">
        {facts.map(({ name, value }) => (
          <div key={name} className="keys-row">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Hygiene({ detail }: { readonly detail: KeyDetail }) {
  return (
    <Card title="Hygiene">
      {detail.hygiene.length === 0 ? (
        <p className="soft">Nothing to tidy up.</p>
      ) : (
        <ul className="stack-s">
          {detail.hygiene.map(({ issue, advice }) => (
            <li key={issue}>
              <strong>{hygieneWord(issue)}</strong>
              <br />
              <span className="soft">{advice}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
