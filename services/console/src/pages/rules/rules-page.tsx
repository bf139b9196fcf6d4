import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleSummary } from '@tripkey/contract/api';
import { ask } from '../../api/queries.ts';
import { formatCount, formatNumber } from '../../format/numbers.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { CountBadge, DataTable } from '../../ui/data-table.tsx';
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
              <BudgetCard budget={budget} rules={items} />
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
      <DataTable
        label="Rules"
        rows={sorted}
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
          { header: 'Group', className: 'soft', cell: ({ group }) => group },
          {
            header: 'Technique',
            wideOnly: true,
            className: 'muted',
            cell: ({ attack }) => attack.join(', '),
          },
          { header: 'Findings', numeric: true, cell: ({ noise }) => formatCount(noise.findings) },
          { header: 'Incidents', numeric: true, cell: ({ noise }) => formatCount(noise.incidents) },
          { header: 'Alone', numeric: true, cell: ({ noise }) => formatCount(noise.alone) },
          {
            header: 'In vain',
            numeric: true,
            cell: ({ noise }) => (
              <span data-false-positives>
                <CountBadge count={noise.false_positives} tone="medium" />
              </span>
            ),
          },
          {
            header: 'Right',
            numeric: true,
            cell: ({ noise }) => <CountBadge count={noise.true_positives} tone="good" />,
          },
          {
            header: 'Alerts a week',
            numeric: true,
            cell: ({ noise }) => formatNumber(noise.pages_per_week),
          },
        ]}
      />
    </Card>
  );
}
