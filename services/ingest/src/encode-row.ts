import { type RequestRow, requestColumns } from '@tripkey/store';

/**
 * One row of JSONCompactEachRow, values in the order of `requestColumns`, without a line end. Text that is not
 * well-formed UTF-16 is repaired: ClickHouse refuses the whole batch for one lone surrogate.
 */
export function encodeRow(row: RequestRow): string {
  for (let i = 0; i < requestColumns.length; i++) values[i] = row[requestColumns[i]!];
  const line = JSON.stringify(values);
  return line.includes('\\ud') ? JSON.stringify(JSON.parse(line, repaired)) : line;
}

/** Used again for every row: nothing else runs while one is encoded. */
const values: unknown[] = requestColumns.map(() => null);

function repaired(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
