import { once } from 'node:events';
import type { Response } from 'express';

export type Format = 'ndjson' | 'csv';

/**
 * Streams rows as NDJSON or CSV. What cannot be read to its end breaks the connection off, so that a cut export is
 * never taken for a whole one.
 * @param columns names of the columns, in order; for CSV the first line
 * @throws what reading the rows throws, also after the connection was broken off; an AbortError when the reader has gone
 */
export async function exportRows(
  response: Response,
  format: Format,
  name: string,
  columns: readonly string[],
  rows: AsyncIterable<Readonly<Record<string, unknown>>>,
): Promise<void> {
  const encode =
    format === 'csv'
      ? (row: Readonly<Record<string, unknown>>) => csvLine(columns.map((column) => row[column]))
      : jsonLine;
  const gone = signalOf(response);
  let begun = false;
  try {
    for await (const row of rows) {
      if (!begun) begin(response, format, name, columns);
      begun = true;
      if (!response.write(encode(row))) await once(response, 'drain', { signal: gone });
    }
    if (!begun) begin(response, format, name, columns);
    response.end();
  } catch (error) {
    if (begun) response.destroy(error instanceof Error ? error : undefined);
    throw error;
  }
}

function begin(response: Response, format: Format, name: string, columns: readonly string[]): void {
  response.status(200).set({
    'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson',
    'Content-Disposition': `attachment; filename="${name}.${format}"`,
    'Cache-Control': 'no-store',
  });
  if (format === 'csv') response.write(csvLine(columns));
}

function jsonLine(row: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(row)}\n`;
}

/**
 * A line of CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe before it, which
 * spreadsheets do not show (OWASP, "CSV Injection").
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[\s\p{Cc}]*[=+\-@|＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]|^[\s']|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function signalOf(response: Response): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
