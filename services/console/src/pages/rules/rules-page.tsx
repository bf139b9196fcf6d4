import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleSummary } from '@tripkey/contract/api';
import { ask } from '../../api/queries.ts';
import { formatCount, formatNumber } from '../../format/numbers.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { BudgetCard } from './budget-card.tsx';

/** What is looked for, how noisy it is, and what other parameters would have done. */
export function RulesPage() {
  const rules = useQuery(ask('listRules', {}));
  return (
    <>
      <PageHead title="Rules">
        What is looked for, how often it is right, and what it costs in alerts.
      </PageHead>
      <Answer of={rules}>
        {({ items, budget }) => (
          <>
            <div className="grid-2">
              <BudgetCard budget={budget} />
              <BacktestPanel rules={items} />
            </div>
            <RuleTable rules={items} />
          </>
        )}
      </Answer>
    </>
  );
}

function RuleTable({ rules }: { readonly rules: readonly RuleSummary[] }) {
  const sorted = rules.toSorted(
    (a, b) => b.noise.incidents - a.noise.incidents || b.noise.findings - a.noise.findings,
  );
  return (
    <Card title={`${rules.length} rules`} note="past 7 days, noisiest first" flush>
      <Scroll label="Rules">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Group</th>
              <th scope="col" className="wide-only">
                Technique
              </th>
              <th scope="col" className="num">
                Findings
              </th>
              <th scope="col" className="num">
                Incidents
              </th>
              <th scope="col" className="num">
                Alone
              </th>
              <th scope="col" className="num">
                In vain
              </th>
              <th scope="col" className="num">
                Right
              </th>
              <th scope="col" className="num">
                Alerts a week
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((rule) => (
              <tr key={rule.rule_id} data-rule={rule.rule_id}>
                <td>
                  <Link to="/rules/$id" params={{ id: rule.rule_id }} className="cell">
                    {rule.title}
                  </Link>
                </td>
                <td className="soft">{rule.group}</td>
                <td className="wide-only muted">{rule.attack.join(', ')}</td>
                <td className="num">{formatCount(rule.noise.findings)}</td>
                <td className="num">{formatCount(rule.noise.incidents)}</td>
                <td className="num">{formatCount(rule.noise.alone)}</td>
                <td className="num" data-false-positives>
                  {rule.noise.false_positives > 0 ? (
                    <span className="badge medium">{formatCount(rule.noise.false_positives)}</span>
                  ) : (
                    <span className="muted">0</span>
                  )}
                </td>
                <td className="num">
                  {rule.noise.true_positives > 0 ? (
                    <span className="badge good">{formatCount(rule.noise.true_positives)}</span>
                  ) : (
                    <span className="muted">0</span>
                  )}
                </td>
                <td className="num">{formatNumber(rule.noise.pages_per_week)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}
