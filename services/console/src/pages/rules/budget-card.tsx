import type { AlertBudget } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { BudgetLine } from './budget-line.tsx';

/** Alerts week by week, and how many of them were in vain. */
export function BudgetCard({ budget }: { readonly budget: AlertBudget }) {
  return (
    <Card title="Alert budget" note="how often people are told">
      <div className="stack-s">
        <BudgetLine budget={budget} />
        <DataTable
          className="compact"
          rows={budget.by_week.toReversed()}
          rowId={({ week_from }) => week_from}
          columns={[
            { header: 'Week from', cell: ({ week_from }) => <Moment at={week_from} /> },
            { header: 'Alerts', numeric: true, cell: ({ pages }) => formatCount(pages) },
            { header: 'In vain', numeric: true, cell: (week) => formatCount(week.false_positives) },
          ]}
        />
      </div>
    </Card>
  );
}
