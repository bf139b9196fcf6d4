import { seriesValueMax } from '@tripkey/stats';
import { parseTime } from './parse-time.ts';

/** One row of a series: the line as it stood in the file, its time, and its value if it has one. */
export interface SeriesRow {
  line: string;
  atMs: number;
  /** Undefined for a row that says that nothing was measured. */
  value: number | undefined;
}

export interface Series {
  header: string;
  lineEnd: string;
  rows: SeriesRow[];
}

/** A file that is no series; the message names line and reason. */
export class BadSeries extends Error {
  override readonly name = 'BadSeries';
  readonly code = 'cli.bad-series';
}

const MISSING = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-']);

/**
 * Reads CSV text with the columns `timestamp` and `value`, in any order and among others.
 *
 * @throws BadSeries with the line number, for a missing column, a time that is none, or a value that is no number
 */
export function parseSeries(text: string): Series {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = lines[0] ?? '';
  const names = cells(header).map((name) => name.trim().toLowerCase());
  const timeColumn = names.indexOf('timestamp');
  const valueColumn = names.indexOf('value');
  if (timeColumn < 0 || valueColumn < 0) {
    throw new BadSeries(`line 1: needs the columns timestamp and value, has ${shown(header)}`);
  }
  if (names.includes('anomaly_score')) throw new BadSeries('line 1: has a column anomaly_score already');
  const rows: SeriesRow[] = [];
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line.trim() !== '') rows.push(parseRow(line, i + 1, timeColumn, valueColumn));
  }
  return { header, lineEnd, rows };
}

function parseRow(line: string, number: number, timeColumn: number, valueColumn: number): SeriesRow {
  const row = cells(line);
  const time = row[timeColumn];
  const text = row[valueColumn]?.trim();
  if (time === undefined || text === undefined) {
    throw new BadSeries(`line ${number}: has ${row.length} cells, the header promises more`);
  }
  const atMs = parseTime(time);
  if (atMs === undefined) throw new BadSeries(`line ${number}: ${shown(time)} is no timestamp`);
  if (MISSING.has(text.toLowerCase())) return { line, atMs, value: undefined };
  const value = Number(text);
  if (!(Math.abs(value) <= seriesValueMax)) {
    throw new BadSeries(`line ${number}: ${shown(text)} is no usable number`);
  }
  return { line, atMs, value };
}

/** Cells of a CSV line (RFC 4180; a cell does not span lines here). */
function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const found: string[] = [];
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
  for (const match of line.matchAll(pattern)) {
    found.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
  }
  return found;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
