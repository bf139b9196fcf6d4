import type { UnmarkedRepeat } from './questions/audit-repeats.ts';
import { requestColumns } from './request-row.ts';
import type { Store } from './store.ts';

const columns = requestColumns.join(', ');
/** What makes a row the same as another of its stream: the same event at the same place. */
const identity = '_offset, _idx, key_id, ts, event_id';

/**
 * Leaves one row of each event that a place has several times. Other events at its place stay: two instances that took
 * themselves for the same stream have put them there. One copy each goes to a table of its own, then all copies are
 * deleted, then the kept ones come back; the steps before can be made again after a crash at any moment, because
 * copies that are kept are only thrown away when raw has them. The rollup is to be corrected afterwards: rows that come
 * back are counted there again.
 * @param token part of the deduplication tokens; another one for each repair
 */
export async function removeDoubles(
  store: Store,
  slice: { topic: string; partition: number; from: number; to: number },
  token: string,
): Promise<void> {
  const { topic, partition, from, to } = slice;
  const source = { topic, partition };
  const doubled = `
    SELECT ${identity} FROM requests_raw_v1
    WHERE _topic = {topic:String} AND _partition = {partition:UInt16}
      AND arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY ${identity} HAVING count() > 1`;
  await run(
    store,
    `INSERT INTO requests_repair_v1 (${columns})
     SELECT ${columns} FROM requests_raw_v1
     WHERE _topic = {topic:String} AND _partition = {partition:UInt16} AND (${identity}) IN (${doubled})
     ORDER BY arrived_at LIMIT 1 BY ${identity}`,
    { ...source, from, to },
    `${token}:keep`,
  );
  await run(
    store,
    `DELETE FROM ${store.changing('requests_raw_v1')}
     WHERE _topic = {topic:String} AND _partition = {partition:UInt16} AND (_topic, _partition, ${identity}) IN (
        SELECT _topic, _partition, ${identity} FROM requests_repair_v1)`,
    source,
  );
  await restoreKept(store, `${token}:after`);
}

/**
 * Brings back to raw what a repair has kept and raw has not, and throws the kept copies away. To be called before the
 * next repair begins: one that was killed may have left something.
 */
export async function restoreKept(store: Store, token: string): Promise<void> {
  await run(
    store,
    `INSERT INTO requests_raw_v1 (${columns})
     SELECT ${columns} FROM requests_repair_v1
     WHERE (_topic, _partition, ${identity}) NOT IN (
        SELECT _topic, _partition, ${identity} FROM requests_raw_v1
        WHERE (key_id, ts) IN (SELECT key_id, ts FROM requests_repair_v1))
     LIMIT 1 BY _topic, _partition, ${identity}`,
    {},
    token,
  );
  await store.command('TRUNCATE TABLE requests_repair_v1');
}

/** Marks rows as repeats. The rollup is to be corrected afterwards. */
export async function markRepeats(store: Store, rows: readonly UnmarkedRepeat[]): Promise<void> {
  const wanted = rows.map(
    ({ key_id, at, topic, partition, offset, idx }) =>
      `${topic}/${partition}/${offset}/${idx} ${at} ${key_id}`,
  );
  await run(
    store,
    `ALTER TABLE ${store.changing('requests_raw_v1')} UPDATE is_repeat = 1
     WHERE key_id IN ({keys:Array(String)})
       AND concat(
          _topic, '/', toString(_partition), '/', toString(_offset), '/', toString(_idx), ' ',
          toString(toUnixTimestamp64Milli(ts)), ' ', key_id) IN ({wanted:Array(String)})
     SETTINGS mutations_sync = 1`,
    { keys: [...new Set(rows.map(({ key_id }) => key_id))], wanted },
  );
}

async function run(
  store: Store,
  query: string,
  query_params: Record<string, unknown>,
  token?: string,
): Promise<void> {
  await store.client.command({
    query,
    query_params,
    clickhouse_settings: {
      wait_end_of_query: 1,
      mutations_sync: '1',
      lightweight_deletes_sync: '2',
      ...(token && { insert_deduplication_token: token }),
    },
  });
}
