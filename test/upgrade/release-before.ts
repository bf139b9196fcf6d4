import { readFileSync } from 'node:fs';

const folder = new URL('./release-0.1.0/', import.meta.url);

/** The release before this one, as far as it left something behind. */
export const releaseBefore = {
  version: '0.1.0',
  /** Last migration of its tables. */
  migrations: (read('schema.json') as { migrations: number }).migrations,
  /** What it sent, by topic. */
  topics: read('topics.json') as Record<string, Record<string, unknown>[]>,
  /** Rows as it inserted them. */
  rows(table: string): Record<string, unknown>[] {
    const text = readFileSync(new URL(`${table}.ndjson`, folder), 'utf8').trim();
    return text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  },
} as const;

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
}
