import type { Store } from '@tripkey/store';

/** Tables that keep what was done to keys, as proof of it: they stay. */
const kept = new Set(['audit_v1']);
/** Tables that say which elements of the stream were stored. */
const withPlaces = new Set(['requests_raw_v1', 'dead_letters_v1']);

export interface Erasure {
  /** Keys of the account, with their predecessors and successors. */
  readonly keys: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Takes everything about one account out of ClickHouse: its events, usage, keys, findings, incidents, and what was learnt
 * of its keys. Of each event its place in the stream stays, so that verification does not take it for lost. Run again, it
 * goes on where it was cut off.
 * @param dryRun count only
 */
export async function eraseAccount(store: Store, accountId: string, dryRun: boolean): Promise<Erasure> {
  const { keyIds, lineageIds } = await keysOf(store, accountId);
  const params = { account: accountId, keys: keyIds, lineages: lineageIds };
  const rows: Record<string, number> = {};
  const conditions = await conditionsByTable(store);
  for (const [table, condition] of conditions) {
    const [counted] = await ask<{ rows: number }>(
      store,
      `SELECT count() AS rows FROM ${table} WHERE ${condition}`,
      params,
    );
    if (counted && counted.rows > 0) rows[table] = counted.rows;
  }
  if (dryRun) return { keys: keyIds.length, rows };
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
  return { keys: keyIds.length, rows };
}

async function keysOf(store: Store, accountId: string): Promise<{ keyIds: string[]; lineageIds: string[] }> {
  const found = await ask<{ key_id: string; lineage_id: string }>(
    store,
    `SELECT key_id, lineage_id FROM keys_v1 WHERE account_id = {account:String}
     UNION DISTINCT SELECT key_id, '' AS lineage_id FROM requests_raw_v1 WHERE account_id = {account:String} AND key_id != ''`,
    { account: accountId },
  );
  const keyIds = [...new Set(found.map(({ key_id }) => key_id))];
  const lineageIds = found.map(({ lineage_id }) => lineage_id).filter((id) => id !== '');
  return { keyIds, lineageIds: [...new Set([...lineageIds, ...keyIds])] };
}

/** Which rows of a table are about the account; tables come after those that tell which keys it has. */
async function conditionsByTable(store: Store): Promise<[string, string][]> {
  const columns = await ask<{ table: string; columns: string[] }>(
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
  // Keys and events last: whoever repeats a run that was cut off must still find them.
  const order = (table: string) => Number(table === 'requests_raw_v1' || table === 'keys_v1');
  return conditions.sort(([a], [b]) => order(a) - order(b));
}

function conditionOf(table: string, columns: ReadonlySet<string>): string | null {
  const of = (column: string) => `${column} IN {lineages:Array(String)} OR ${column} IN {keys:Array(String)}`;
  const incidents = `SELECT incident_id FROM incident_events_v1 WHERE subject_kind = 'key' AND (${of('subject_id')})`;
  if (table === 'profiles_v2') return `subject IN arrayMap(id -> 'key:' || id, {lineages:Array(String)})`;
  if (table === 'dead_letters_v1') return inDeadLetter;
  if (table === 'incident_events_v1') return `subject_kind = 'key' AND (${of('subject_id')})`;
  if (columns.has('incident_id') && !columns.has('account_id')) return `incident_id IN (${incidents})`;
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

async function ask<Row>(store: Store, query: string, params: Record<string, unknown>): Promise<Row[]> {
  const answer = await store.client.query({ query, query_params: params, format: 'JSONEachRow' });
  return answer.json<Row>();
}
