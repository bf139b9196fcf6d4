import { type RequestRow, requestColumns } from '@tripkey/store';

/**
 * One row of JSONCompactEachRow, values in the order of `requestColumns`, without a line end. Text that is not
 * well-formed UTF-16 is repaired: ClickHouse refuses the whole batch for one lone surrogate.
 */
export function encodeRow(row: RequestRow): string {
  const line = JSON.stringify(requestColumns.map((column) => row[column]));
  return line.includes('\\ud') ? JSON.stringify(JSON.parse(line, repaired)) : line;
}

function repaired(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
