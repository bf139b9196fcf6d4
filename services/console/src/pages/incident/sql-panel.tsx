import { Link } from '@tanstack/react-router';
import type { IncidentDetail } from '@tripkey/contract/api';
import { Card } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';

/** The questions behind the panels, to run and to change. */
export function SqlPanel({ queries }: { readonly queries: IncidentDetail['sql'] }) {
  return (
    <Card title="SQL" note="what the panels show, to run and to change">
      <div className="stack-s">
        {queries.map(({ title, sql }) => (
          <details key={title} className="sql-question">
            <summary>{title}</summary>
            <CodeBlock text={sql} label={`SQL: ${title}`} />
            <Link to="/sql" search={{ sql }} className="link">
              Open on the SQL page
            </Link>
          </details>
        ))}
      </div>
    </Card>
  );
}
