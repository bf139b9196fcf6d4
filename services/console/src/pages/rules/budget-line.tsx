import type { AlertBudget } from '@tripkey/contract/api';
import { formatCount, plural } from '../../format/numbers.ts';

/** How often people were told this week, against what was said to be bearable. */
export function BudgetLine({ budget }: { readonly budget: AlertBudget }) {
  const { pages_per_week_max: max, pages_7d, pages_28d, false_pages_28d } = budget;
  const over = max !== null && pages_7d > max;
  return (
    <div className="stack-s" data-budget>
      <div className="budget">
        <strong>{plural(pages_7d, 'alert')} in 7 days</strong>
        <span className="muted">
          {max === null ? 'no budget is set' : `of ${formatCount(max)} that are bearable`}
        </span>
        {over ? <span className="badge critical">over budget</span> : null}
      </div>
      {max === null ? null : (
        <span className="bar" role="img" aria-label={`${pages_7d} of ${max} alerts`}>
          <span
            className={over ? 'critical' : ''}
            style={{ width: `${Math.min(100, (pages_7d / Math.max(1, max)) * 100)}%` }}
          />
        </span>
      )}
      <span className="soft">
        In 28 days {plural(pages_28d, 'alert')}, {formatCount(false_pages_28d)} of them in vain.
      </span>
    </div>
  );
}
