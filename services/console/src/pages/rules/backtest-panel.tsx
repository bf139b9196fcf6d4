import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Backtest, RuleSummary } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { randomId } from '../../api/command.ts';
import { ask } from '../../api/queries.ts';
import { formatCount, formatNumber, formatShort } from '../../format/numbers.ts';
import { useMay } from '../../shell/session.tsx';
import { Card, Empty } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { toast } from '../../ui/toasts.tsx';
import { BacktestDialog } from './backtest-dialog.tsx';

const runningRefreshMs = 1_500;

/** Runs the detector over stored history with other parameters, and says what would have been different. */
export function BacktestPanel({
  rules,
  only,
}: {
  readonly rules: readonly RuleSummary[];
  readonly only?: string;
}) {
  const client = useQueryClient();
  const may = useMay('triage');
  const [asking, setAsking] = useState(false);
  const list = useQuery({
    ...ask('listBacktests', { query: { limit: 5 } }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => ['waiting', 'running'].includes(one.state)) ? runningRefreshMs : false,
  });
  const again = () => void client.invalidateQueries({ queryKey: ['listBacktests'] });
  return (
    <Card
      title="Backtest"
      note="the same code, over stored history"
      tools={
        <button type="button" className="button small" disabled={!may} onClick={() => setAsking(true)}>
          New backtest …
        </button>
      }
      flush
    >
      {list.error ? <ProblemNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data?.items.length === 0 ? (
        <Empty title="Nothing has been tried yet">
          <p>
            Change a parameter of a rule and see how many alerts it would have made, and which incidents it
            would have missed. Nothing is changed by it.
          </p>
        </Empty>
      ) : (
        <ul className="backtests">
          {(list.data?.items ?? []).map((one) => (
            <Run key={one.backtest_id} backtest={one} onChanged={again} />
          ))}
        </ul>
      )}
      {asking ? (
        <BacktestDialog
          rules={only ? rules.filter(({ rule_id }) => rule_id === only) : rules}
          onClose={() => setAsking(false)}
          onStart={async (request) => {
            await call('startBacktest', { body: request, idempotencyKey: randomId() });
            setAsking(false);
            again();
          }}
        />
      ) : null}
    </Card>
  );
}

function Run({ backtest, onChanged }: { readonly backtest: Backtest; readonly onChanged: () => void }) {
  const { result, state } = backtest;
  const cancel = async () => {
    try {
      await call('cancelBacktest', { params: { backtest_id: backtest.backtest_id } });
      onChanged();
    } catch (error) {
      toast(`Not stopped: ${error instanceof Error ? error.message : String(error)}`, true);
    }
  };
  const changed = Object.entries(backtest.request.parameters).map(
    ([rule, values]) =>
      `${rule}: ${Object.entries(values)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ')}`,
  );
  return (
    <li data-backtest={state}>
      <div className="budget">
        <strong>{changed.join(' · ') || 'Parameters as they are'}</strong>
        <span className={`badge ${state === 'done' ? 'good' : state === 'failed' ? 'critical' : 'plain'}`}>
          {state}
        </span>
        <span className="muted">
          <Moment at={backtest.created_at} style="ago" />
        </span>
        {['waiting', 'running'].includes(state) ? (
          <button type="button" className="button quiet small" onClick={() => void cancel()}>
            Stop
          </button>
        ) : null}
      </div>
      {state === 'running' ? (
        <progress max={1} value={backtest.progress} aria-label="Progress of the backtest" />
      ) : null}
      {backtest.failure ? <span className="notice bad">{backtest.failure}</span> : null}
      {result ? (
        <>
          <span className="soft">
            {formatShort(result.events)} events, {formatCount(result.findings)} findings,{' '}
            {formatCount(result.incidents)} incidents:{' '}
            <strong>{formatNumber(result.pages_per_week)} alerts a week</strong>
          </span>
          <details>
            <summary>
              {formatCount(result.missed_total)} incidents would have been missed,{' '}
              {formatCount(result.added_total)} would be new
            </summary>
            <ul className="news">
              {result.missed.map((one) => (
                <li key={one.incident_id}>
                  <span className="badge high">missed</span>
                  <Link to="/incidents/$id" params={{ id: one.incident_id }} className="link">
                    {one.title}
                  </Link>
                  <span className="count">
                    <Moment at={one.opened_at} />
                  </span>
                </li>
              ))}
              {result.added.map((one) => (
                <li key={`${one.subject} ${one.opened_at}`}>
                  <span className="badge accent">new</span> {one.rules.join(', ')}
                  <span className="count">
                    <Moment at={one.opened_at} />
                  </span>
                </li>
              ))}
            </ul>
            {result.missed_total + result.added_total > result.missed.length + result.added.length ? (
              <span className="muted">{formatCount(result.listed_max)} of each are listed.</span>
            ) : null}
          </details>
        </>
      ) : null}
    </li>
  );
}
