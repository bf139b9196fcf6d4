import type { Store } from '@tripkey/store';
import { withoutNames } from './without-names.ts';

/**
 * Texts of others that may name an account or its keys: an address that tried them, a backtest over them. What the audit
 * log repeats word for word stays in the incident log, too, or neither could be verified.
 */
const texts: readonly (readonly [table: string, column: string, condition: string])[] = [
  ['incident_events_v1', 'data', "kind = 'finding_added'"],
  ['findings_v1', 'evidence', '1'],
  ['backtests_v1', 'result', "result != ''"],
];
/** Texts that one statement changes. */
const textsPerStatement = 200;

/**
 * Takes the names of an account and its keys out of texts that are not about it, and so stay.
 * @param gone which rows of each table go as a whole
 * @returns changed rows by table
 */
export async function takeOutNames(
  store: Store,
  names: readonly string[],
  gone: { readonly conditions: ReadonlyMap<string, string>; readonly params: Record<string, unknown> },
  dryRun: boolean,
): Promise<Record<string, number>> {
  const changed: Record<string, number> = {};
  const named = new Set(names);
  for (const [table, column, ofTable] of texts) {
    const condition = `(${ofTable}) AND NOT (${gone.conditions.get(table) ?? '0'})`;
    // Where a name is a part of a word, nothing comes of it: those texts only pass by.
    const found = await store.client.query({
      query: `
        SELECT ${column} AS text, toString(sipHash64(${column})) AS hash, count() AS rows FROM ${table}
        WHERE ${condition} AND arrayExists(name -> position(${column}, name) > 0, {names:Array(String)})
        GROUP BY text`,
      query_params: { ...gone.params, names: names.map((name) => JSON.stringify(name).slice(1, -1)) },
      format: 'JSONEachRow',
    });
    const news: { hash: string; text: string }[] = [];
    for await (const page of found.stream<{ text: string; hash: string; rows: number }>())
      for (const row of page) {
        const { text, hash, rows } = row.json();
        const without = withoutNames(text, named);
        if (without === JSON.stringify(JSON.parse(text))) continue;
        changed[table] = (changed[table] ?? 0) + rows;
        if (!dryRun) news.push({ hash, text: without });
      }
    for (let n = 0; n < news.length; n += textsPerStatement) {
      const some = news.slice(n, n + textsPerStatement);
      // By their hashes: ClickHouse keeps statements for a while, and these shall not repeat what goes.
      await store.client.command({
        query: `
          ALTER TABLE ${store.changing(table)}
          UPDATE ${column} = transform(toString(sipHash64(${column})), {hashes:Array(String)}, {texts:Array(String)}, ${column})
          WHERE ${condition} AND toString(sipHash64(${column})) IN {hashes:Array(String)} SETTINGS mutations_sync = 2`,
        query_params: {
          ...gone.params,
          hashes: some.map(({ hash }) => hash),
          texts: some.map(({ text }) => text),
        },
      });
    }
  }
  return changed;
}
