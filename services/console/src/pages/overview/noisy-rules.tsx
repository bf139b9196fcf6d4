import { Link } from '@tanstack/react-router';
import type { AlertBudget, Overview } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card, Empty } from '../../ui/card.tsx';
import { CountBadge, DataTable } from '../../ui/data-table.tsx';
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
        <DataTable
          label="Noisy rules"
          rows={rules}
          rowId={({ rule_id }) => rule_id}
          columns={[
            {
              header: 'Rule',
              cell: ({ rule_id, title }) => (
                <Link to="/rules/$id" params={{ id: rule_id }} className="cell">
                  {title}
                </Link>
              ),
            },
            { header: 'Findings', numeric: true, cell: (rule) => formatCount(rule.findings_7d) },
            { header: 'Incidents', numeric: true, cell: (rule) => formatCount(rule.incidents_7d) },
            {
              header: 'In vain',
              numeric: true,
              cell: (rule) => <CountBadge count={rule.false_positives_7d} tone="medium" />,
            },
          ]}
        />
      )}
    </Card>
  );
}
