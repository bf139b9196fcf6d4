import type { Store } from '@tripkey/store';
import { takeOutNames } from './take-out-names.ts';
import { type AccountTraces, askRows } from './traces-of-account.ts';

/** Tables that keep what was done to keys, as proof of it: they stay. */
const kept = new Set(['audit_v1']);
/** Tables that tell what there is of an account. They go last and in this order: a run that was cut off can be repeated. */
const traced = ['incident_events_v1', 'keys_v1', 'requests_raw_v1'];
/** Tables that say which elements of the stream were stored. */
const withPlaces = new Set(['requests_raw_v1', 'dead_letters_v1']);

export interface Erasure {
  /** Keys of the account, with their predecessors and successors. */
  readonly keys: number;
  /** Rows that are gone, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Rows of others that named the account or a key of it, and do no more, by table. */
  readonly changed: Readonly<Record<string, number>>;
}

/**
 * Takes everything about one account out of ClickHouse: its events, usage, keys, findings, incidents, and what was learnt
 * of its keys. Of each event its place in the stream stays, so that verification does not take it for lost. Run again, it
 * goes on where it was cut off.
 * @param dryRun count only
 */
export async function eraseAccount(store: Store, traces: AccountTraces, dryRun: boolean): Promise<Erasure> {
  const { accountId, keyIds, lineageIds, incidentIds } = traces;
  const params = { account: accountId, keys: keyIds, lineages: lineageIds, incidents: incidentIds };
  const rows: Record<string, number> = {};
  const conditions = await conditionsByTable(store);
  for (const [table, condition] of conditions) {
    const counting = `SELECT count() AS rows FROM ${table} WHERE ${condition}`;
    const [counted] = await askRows<{ rows: number }>(store, counting, params);
    if (counted && counted.rows > 0) rows[table] = counted.rows;
  }
  const names = [...new Set([accountId, ...keyIds, ...lineageIds])];
  const changed = await takeOutNames(store, names, { conditions: new Map(conditions), params }, dryRun);
  if (dryRun) return { keys: keyIds.length, rows, changed };
  for (const [table, condition] of conditions)
    if (withPlaces.has(table) && rows[table]) await leavePlaces(store, table, condition, params);
  for (const [table, condition] of conditions) {
    if (!rows[table]) continue;
    // Of all replicas, and done when the statement is.
    await store.client.command({
      query: `ALTER TABLE ${store.changing(table)} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`,
      query_params: params,
    });
  }
  return { keys: keyIds.length, rows, changed };
}

/** Which rows of a table are about the account. */
async function conditionsByTable(store: Store): Promise<[string, string][]> {
  const columns = await askRows<{ table: string; columns: string[] }>(
    store,
    `SELECT replaceRegexpOne(c.table, '_local$', '') AS table, groupArray(c.name) AS columns FROM system.columns AS c
     JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
     WHERE c.database = {database:String} AND t.engine LIKE '%MergeTree' GROUP BY table ORDER BY table`,
    { database: store.database },
  );
  const conditions: [string, string][] = [];
  for (const { table, columns: names } of columns) {
    if (kept.has(table)) continue;
    const condition = conditionOf(table, new Set(names));
    if (condition) conditions.push([table, condition]);
  }
  return conditions.sort(([a], [b]) => traced.indexOf(a) - traced.indexOf(b));
}

function conditionOf(table: string, columns: ReadonlySet<string>): string | null {
  if (table === 'profiles_v2') return `subject IN arrayMap(id -> 'key:' || id, {lineages:Array(String)})`;
  if (table === 'dead_letters_v1') return inDeadLetter;
  if (columns.has('incident_id') && !columns.has('account_id'))
    return 'incident_id IN {incidents:Array(String)}';
  if (columns.has('account_id') && columns.has('key_id'))
    return `account_id = {account:String} OR (account_id = '' AND key_id IN {keys:Array(String)})`;
  if (columns.has('key_id')) return 'key_id IN {keys:Array(String)}';
  return null;
}

/**
 * Whether a dead letter names the account or a key of it: as a value of its JSON, or, where it is none, as a word. A part
 * of a longer value is somebody else's.
 */
const inDeadLetter = `reason != 'erased' AND (JSONExtractRaw(original, 'account_id') = {account:String}
  OR arrayExists(id -> position(original, concat('"', id, '"')) > 0, arrayPushBack({keys:Array(String)}, {account:String}))
  OR (NOT isValidJSON(original)
    AND hasAny(extractAll(original, '[\\\\w.:@~-]+'), arrayPushBack({keys:Array(String)}, {account:String}))))`;

/** An event that is gone leaves its place among the dead letters, with nothing of what was in it. */
async function leavePlaces(
  store: Store,
  table: string,
  condition: string,
  params: Record<string, unknown>,
): Promise<void> {
  await store.client.command({
    query: `
      INSERT INTO dead_letters_v1 (at, reason, detail, original, _topic, _partition, _offset, _idx)
      SELECT now64(3), 'erased', 'taken out on request', '', _topic, _partition, _offset, _idx
      FROM ${table} WHERE ${condition}`,
    query_params: params,
  });
}
