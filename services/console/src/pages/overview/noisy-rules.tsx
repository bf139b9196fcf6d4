import { Link } from '@tanstack/react-router';
import type { AlertBudget, Overview } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card, Empty } from '../../ui/card.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { BudgetLine } from '../rules/budget-line.tsx';

/** Which rules people are told by most, and how often in vain. */
export function NoisyRules({
  rules,
  budget,
}: {
  readonly rules: Overview['noisy_rules'];
  readonly budget: AlertBudget;
}) {
  return (
    <Card title="Noisy rules" note="past 7 days" flush>
      <div className="card-body">
        <BudgetLine budget={budget} />
      </div>
      {rules.length === 0 ? (
        <Empty title="No rule has fired in 7 days" />
      ) : (
        <Scroll label="Noisy rules">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col" className="num">
                  Findings
                </th>
                <th scope="col" className="num">
                  Incidents
                </th>
                <th scope="col" className="num">
                  In vain
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <tr key={rule.rule_id}>
                  <td>
                    <Link to="/rules/$id" params={{ id: rule.rule_id }} className="cell">
                      {rule.title}
                    </Link>
                  </td>
                  <td className="num">{formatCount(rule.findings_7d)}</td>
                  <td className="num">{formatCount(rule.incidents_7d)}</td>
                  <td className="num">
                    {rule.false_positives_7d > 0 ? (
                      <span className="badge medium">{formatCount(rule.false_positives_7d)}</span>
                    ) : (
                      <span className="muted">0</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
