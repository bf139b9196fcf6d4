import type { BudgetSolution } from '@tripkey/contract/api';
import { formatCount, plural } from '../../format/numbers.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** Thresholds that keep to a budget: what they bring, what they would have missed, and how to set them. */
export function SolutionOfBudget({ solution }: { readonly solution: BudgetSolution }) {
  const { thresholds: then, thresholds_now: now, missed, missed_total, last_week } = solution;
  const [rate, before] = [solution.pages_per_week_predicted, solution.pages_per_week_now];
  return (
    <div className="stack-s" data-budget-solution aria-live="polite">
      {solution.within_budget ? null : (
        <p className="notice bad">
          No threshold meets the budget: what is critical is told whatever its risk.
        </p>
      )}
      <DataTable
        className="compact"
        rows={[
          { what: 'Alerts a week', now: before.all, solved: rate.all },
          { what: 'high or critical', now: before.high, solved: rate.high },
          { what: 'critical', now: before.critical, solved: rate.critical },
          { what: 'An incident opens at', now: now.open_at, solved: then.open_at },
          { what: 'is high at', now: now.high_at, solved: then.high_at },
          { what: 'is critical at', now: now.critical_at, solved: then.critical_at },
        ]}
        rowId={({ what }) => what}
        columns={[
          { header: plural(solution.findings, 'finding'), cell: ({ what }) => what },
          { header: 'Now', numeric: true, cell: (row) => row.now },
          { header: 'Then', numeric: true, cell: (row) => <strong>{row.solved}</strong> },
        ]}
      />
      {last_week ? (
        <span className="soft">
          Solved without the last week, {last_week.predicted} were predicted for it and{' '}
          {formatCount(last_week.actual)} came.
        </span>
      ) : null}
      {missed_total > 0 ? (
        <details>
          <summary>{plural(missed_total, 'incident')} would have been missed</summary>
          <ul className="news">
            {missed.map(({ incident_id, subject, severity, opened_at }) => (
              <li key={incident_id}>
                <SeverityMark severity={severity} /> <Untrusted text={subject} />
                <span className="count">
                  <Moment at={opened_at} />
                </span>
              </li>
            ))}
          </ul>
          {missed_total > missed.length ? (
            <span className="muted">The {formatCount(missed.length)} worst of them are listed.</span>
          ) : null}
        </details>
      ) : (
        <span className="soft">No incident would have been missed.</span>
      )}
      <CodeBlock label="Thresholds for the configuration" text={asConfiguration(then)} />
    </div>
  );
}

const asConfiguration = ({ open_at, high_at, critical_at }: BudgetSolution['thresholds']) =>
  `incidents:\n  risk:\n    openAt: ${open_at}\n    highAt: ${high_at}\n    criticalAt: ${critical_at}`;
