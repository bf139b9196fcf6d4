import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { RuleDetail } from '@tripkey/contract/api';
import { useMemo } from 'react';
import { ask } from '../../api/queries.ts';
import type { ChartData } from '../../chart/chart-data.ts';
import { TimeChart } from '../../chart/time-chart.tsx';
import { formatCount, formatNumber } from '../../format/numbers.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { RuleText } from './rule-text.tsx';

const route = getRouteApi('/rules/$id');

/** One rule: how it decides, how noisy it is, its parameters. */
export function RulePage() {
  const { id } = route.useParams();
  const rule = useQuery(ask('getRule', { params: { rule_id: id } }));
  return <Answer of={rule}>{(data) => <Rule rule={data} />}</Answer>;
}

function Rule({ rule }: { readonly rule: RuleDetail }) {
  const { noise_28d: noise } = rule;
  return (
    <>
      <PageHead
        title={rule.title}
        tools={
          <Link to="/incidents" search={{ rule: rule.rule_id, state: ['all'] }} className="button">
            Its incidents
          </Link>
        }
      >
        <code>{rule.rule_id}</code> version {rule.version} · {rule.group} · judges a {rule.judges}
        {[...rule.attack, ...rule.owasp].map((id) => ` · ${id}`)}
      </PageHead>
      <div className="grid-side">
        <div className="stack">
          <Days days={rule.days} />
          <Card title="How it decides">
            <RuleText markdown={rule.page} />
          </Card>
        </div>
        <aside className="stack" aria-label="Noise and parameters">
          <Card title="Past 28 days">
            <dl className="facts">
              <dt>Findings</dt>
              <dd>{formatCount(noise.findings)}</dd>
              <dt>Incidents</dt>
              <dd>
                {formatCount(noise.incidents)}, {formatCount(noise.alone)} by it alone
              </dd>
              <dt>Alerts</dt>
              <dd>
                {formatCount(noise.pages)}, {formatNumber(noise.pages_per_week)} a week
              </dd>
              <dt>In vain</dt>
              <dd data-false-positives>{formatCount(noise.false_positives)}</dd>
              <dt>Right</dt>
              <dd>{formatCount(noise.true_positives)}</dd>
            </dl>
          </Card>
          <Card title="Parameters">
            <dl className="stack-s">
              {rule.parameters.map((parameter) => (
                <div key={parameter.name}>
                  <dt>
                    <code>{parameter.name}</code> <strong>{JSON.stringify(parameter.value)}</strong>
                    {JSON.stringify(parameter.value) === JSON.stringify(parameter.default) ? null : (
                      <span className="muted"> instead of {JSON.stringify(parameter.default)}</span>
                    )}
                  </dt>
                  <dd className="soft">{parameter.description}</dd>
                </div>
              ))}
              {rule.parameters.length === 0 ? <p className="soft">It has none.</p> : null}
            </dl>
          </Card>
          <BacktestPanel rules={[rule]} only={rule.rule_id} />
        </aside>
      </div>
    </>
  );
}

function Days({ days }: { readonly days: RuleDetail['days'] }) {
  const data = useMemo<ChartData>(
    () => ({
      atMs: days.map(({ day }) => Date.parse(day)),
      stepMs: 86_400_000,
      lines: [
        { name: 'Findings', tone: 'accent', filled: true, values: days.map(({ findings }) => findings) },
        { name: 'Incidents', tone: 'critical', values: days.map(({ incidents }) => incidents) },
      ],
      band: null,
      flagged: [],
    }),
    [days],
  );
  return (
    <Card title="Day by day" note="UTC">
      <TimeChart data={data} height={160} />
    </Card>
  );
}
