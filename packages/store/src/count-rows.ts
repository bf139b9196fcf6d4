import * as z from 'zod';
import type { Store } from './store.ts';

const Answer = z.tuple([z.object({ rows: z.number() })]);

/**
 * How many rows a stored query finds. It may only read, and only for half a minute.
 * @throws when ClickHouse does not run it.
 */
export async function countRows(store: Store, sql: string): Promise<number> {
  const result = await store.client.query({
    query: `SELECT count() AS rows FROM (${sql})`,
    format: 'JSONEachRow',
    clickhouse_settings: { readonly: '2', max_execution_time: 30 },
  });
  const [{ rows }] = Answer.parse(await result.json());
  return rows;
}
