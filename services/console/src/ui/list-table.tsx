import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { formatCount } from '../format/numbers.ts';
import { Icon } from './icon.tsx';
import './list-table.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** CSS width; one column may leave it out and takes the rest. */
  readonly width?: string;
  readonly numeric?: boolean;
  /** Not shown where the screen is narrow. */
  readonly wideOnly?: boolean;
  /** The name by which the server sorts. */
  readonly sort?: string;
  readonly cell: (row: Row) => ReactNode;
}

interface ListTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** Of all pages, when it is known. */
  readonly total: number | null;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly sort?: {
    readonly by: string;
    readonly order: 'asc' | 'desc';
    readonly onChange: (by: string, order: 'asc' | 'desc') => void;
  };
  /** Row under the keyboard. */
  readonly cursor?: string | undefined;
  readonly selected?: ReadonlySet<string>;
  readonly faded?: (row: Row) => boolean;
}

const rowPx = 42;
const ahead = 12;

/**
 * A real table of any length: only the rows in sight are there, those before and after are room. More rows are fetched
 * as one comes near the end.
 */
export function ListTable<Row>(props: ListTableProps<Row>) {
  const { label, rows, columns, rowId, total, hasMore, loadMore, sort, cursor, selected, faded } = props;
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: ahead,
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);

  useEffect(() => {
    if (hasMore && last && last.index >= rows.length - ahead * 2) loadMore();
  }, [hasMore, last, rows.length, loadMore]);

  const cursorIndex = cursor === undefined ? -1 : rows.findIndex((row) => rowId(row) === cursor);
  useEffect(() => {
    if (cursorIndex >= 0) virtual.scrollToIndex(cursorIndex, { align: 'auto' });
  }, [cursorIndex, virtual]);

  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="list" ref={scroller} tabIndex={0} aria-label={label}>
        <table className="table" aria-rowcount={total ?? (hasMore ? -1 : rows.length + 1)}>
          <colgroup>
            {columns.map((column) => (
              <col
                key={column.id}
                className={column.wideOnly ? 'wide-only' : ''}
                style={{ width: column.width }}
              />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <Header key={column.id} column={column} sort={sort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {first && first.start > 0 ? <Room px={first.start} /> : null}
            {shown.map(({ index }) => {
              const row = rows[index]!;
              const id = rowId(row);
              return (
                <tr
                  key={id}
                  aria-rowindex={index + 2}
                  data-cursor={id === cursor || undefined}
                  data-marked={selected?.has(id) || undefined}
                  data-faded={faded?.(row) || undefined}
                >
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      className={`${column.numeric ? 'num' : ''}${column.wideOnly ? ' wide-only' : ''}`}
                    >
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
            {last ? <Room px={virtual.getTotalSize() - last.end} /> : null}
          </tbody>
        </table>
      </section>
      <div className="list-foot">
        {formatCount(rows.length)}
        {total !== null && total > rows.length ? ` of ${formatCount(total)}` : ''}
        {hasMore ? ' loaded; more come as you scroll' : rows.length === 1 ? ' row' : ' rows'}
      </div>
    </>
  );
}

function Header<Row>({
  column,
  sort,
}: {
  readonly column: Column<Row>;
  readonly sort: ListTableProps<Row>['sort'];
}) {
  const mine = sort && column.sort === sort.by;
  const className = `${column.numeric ? 'num' : ''}${column.wideOnly ? ' wide-only' : ''}`;
  if (!sort || !column.sort) {
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    );
  }
  const next = mine && sort.order === 'desc' ? 'asc' : 'desc';
  const by = column.sort;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={mine ? (sort.order === 'asc' ? 'ascending' : 'descending') : 'none'}
    >
      <button type="button" onClick={() => sort.onChange(by, next)}>
        {column.header}
        {mine ? <Icon name={sort.order === 'asc' ? 'up' : 'down'} size={11} /> : null}
      </button>
    </th>
  );
}

function Room({ px }: { readonly px: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of nothing, which nobody can focus
    <tr aria-hidden="true" className="room">
      <td style={{ height: px }} />
    </tr>
  );
}
