import type { AlertBudget, RuleSummary } from '@tripkey/contract/api';
import { useState } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { useMay } from '../../shell/session.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { BudgetDialog } from './budget-dialog.tsx';
import { BudgetLine } from './budget-line.tsx';

interface BudgetCardProps {
  readonly budget: AlertBudget;
  readonly rules: readonly RuleSummary[];
}

/** Alerts week by week, how many of them were in vain, and what other thresholds would bring. */
export function BudgetCard({ budget, rules }: BudgetCardProps) {
  const may = useMay('triage');
  const [asking, setAsking] = useState(false);
  return (
    <Card
      title="Alert budget"
      note="how often people are told"
      tools={
        <button type="button" className="button small" disabled={!may} onClick={() => setAsking(true)}>
          Solve thresholds …
        </button>
      }
    >
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
      {asking ? (
        <BudgetDialog rules={rules} perWeek={budget.pages_per_week_max} onClose={() => setAsking(false)} />
      ) : null}
    </Card>
  );
}
