import { useQuery } from '@tanstack/react-query';
import type { QuerySchema } from '@tripkey/contract/api';
import { useState } from 'react';
import { ask } from '../../api/queries.ts';
import { Card } from '../../ui/card.tsx';

interface SchemaBrowserProps {
  readonly schema: QuerySchema;
  readonly onInsert: (text: string) => void;
  readonly onSql: (sql: string) => void;
}

/** What can be asked, and questions that others ask. */
export function SchemaBrowser({ schema, onInsert, onSql }: SchemaBrowserProps) {
  const cookbook = useQuery({ ...ask('getCookbook', {}), staleTime: 300_000 });
  const [all, setAll] = useState(false);
  const stable = schema.tables.filter((table) => table.stable);
  const shown = all ? schema.tables : stable;
  return (
    <aside className="stack" aria-label="Tables and examples">
      <Card title="Questions" note="to start from">
        <ul className="cookbook">
          {(cookbook.data?.items ?? []).map((entry) => (
            <li key={entry.title}>
              <button type="button" title={entry.question} onClick={() => onSql(entry.sql)}>
                {entry.title}
              </button>
            </li>
          ))}
        </ul>
      </Card>
      <Card
        title="Tables"
        note={<code>{schema.database}</code>}
        tools={
          stable.length < schema.tables.length ? (
            <button
              type="button"
              className="button quiet small"
              aria-pressed={all}
              onClick={() => setAll(!all)}
            >
              {all ? 'Stable ones' : 'All'}
            </button>
          ) : undefined
        }
      >
        {shown.map((table) => (
          <details key={table.name} className="schema-table">
            <summary title={table.comment}>
              <code>{table.name}</code>
              {table.stable ? null : <span className="badge plain">may change</span>}
            </summary>
            <p className="soft">{table.comment}</p>
            <ul>
              {table.columns.map((column) => (
                <li key={column.name}>
                  <button type="button" title={column.comment} onClick={() => onInsert(column.name)}>
                    <code>{column.name}</code> <span className="muted">{column.type}</span>
                  </button>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </Card>
    </aside>
  );
}
