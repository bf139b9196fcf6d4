import type { ReactNode } from 'react';
import { Scroll } from './scroll.tsx';

export interface DataColumn<Row> {
  readonly header: ReactNode;
  readonly numeric?: boolean;
  /** Not shown where the screen is narrow. */
  readonly wideOnly?: boolean;
  readonly className?: string;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** Names what is in it; it then scrolls in its own place. Without one it is part of what is around it. */
  readonly label?: string;
  readonly className?: string;
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly columns: readonly DataColumn<Row>[];
  readonly marked?: (row: Row) => boolean;
}

/** A table of few rows, all of which are there; see `ListTable` for many. */
export function DataTable<Row>({ label, className = '', rows, rowId, columns, marked }: DataTableProps<Row>) {
  const classes = columns.map((column) =>
    [column.numeric ? 'num' : '', column.wideOnly ? 'wide-only' : '', column.className ?? '']
      .join(' ')
      .trim(),
  );
  const table = (
    <table className={`table ${className}`}>
      <thead>
        <tr>
          {columns.map(({ header }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table stay where they are
            <th key={at} scope="col" className={classes[at]}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowId(row)} data-marked={marked?.(row) || undefined}>
            {columns.map(({ cell }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as do its cells
              <td key={at} className={classes[at]}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return label ? <Scroll label={label}>{table}</Scroll> : table;
}

/** A count that is worth a look unless it is 0. */
export function CountBadge({ count, tone }: { readonly count: number; readonly tone: string }) {
  return count > 0 ? (
    <span className={`badge ${tone}`}>{count.toLocaleString('en')}</span>
  ) : (
    <span className="muted">0</span>
  );
}
