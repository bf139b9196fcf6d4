import type { AlertBudget } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { BudgetLine } from './budget-line.tsx';

/** Alerts week by week, and how many of them were in vain. */
export function BudgetCard({ budget }: { readonly budget: AlertBudget }) {
  return (
    <Card title="Alert budget" note="how often people are told">
      <div className="stack-s">
        <BudgetLine budget={budget} />
        <table className="table compact">
          <thead>
            <tr>
              <th scope="col">Week from</th>
              <th scope="col" className="num">
                Alerts
              </th>
              <th scope="col" className="num">
                In vain
              </th>
            </tr>
          </thead>
          <tbody>
            {budget.by_week.toReversed().map((week) => (
              <tr key={week.week_from}>
                <td>
                  <Moment at={week.week_from} />
                </td>
                <td className="num">{formatCount(week.pages)}</td>
                <td className="num">{formatCount(week.false_positives)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
