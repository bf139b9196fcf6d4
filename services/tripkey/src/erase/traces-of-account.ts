import { unknownKeyId } from '@tripkey/ingest';
import type { Store } from '@tripkey/store';

/** By what the rows of an account are known. */
export interface AccountTraces {
  readonly accountId: string;
  readonly keyIds: readonly string[];
  /** Identities of its keys over rotations, and the keys themselves. */
  readonly lineageIds: readonly string[];
  /** Incidents of its keys, and others that were opened in its name. */
  readonly incidentIds: readonly string[];
}

/**
 * What there is of an account. A key is its own when the newest record of the key says so; one without a record, when no
 * other account used it. Where no key was named there is none, whoever's request it was.
 */
export async function tracesOfAccount(store: Store, accountId: string): Promise<AccountTraces> {
  const registered = await askRows<{ key_id: string; lineage_id: string }>(
    store,
    'SELECT key_id, lineage_id FROM keys_v1 FINAL WHERE account_id = {account:String}',
    { account: accountId },
  );
  const used = await askRows<{ key_id: string }>(
    store,
    `SELECT key_id FROM requests_raw_v1
     WHERE key_id IN (
        SELECT key_id FROM requests_raw_v1 WHERE account_id = {account:String} AND key_id NOT IN ('', {unknown:String}))
      AND key_id NOT IN (SELECT key_id FROM keys_v1 FINAL WHERE account_id NOT IN ('', {account:String}))
     GROUP BY key_id HAVING countIf(account_id NOT IN ('', {account:String})) = 0`,
    { account: accountId, unknown: unknownKeyId },
  );
  const keyIds = [...new Set([...registered, ...used].map(({ key_id }) => key_id))];
  const lineages = registered.map(({ lineage_id }) => lineage_id).filter((id) => id !== '');
  const lineageIds = [...new Set([...lineages, ...keyIds])];
  const incidents = await askRows<{ incident_id: string }>(
    store,
    `SELECT DISTINCT incident_id FROM incident_events_v1
     WHERE (subject_kind = 'key' AND subject_id IN {lineages:Array(String)})
      OR (kind = 'opened' AND JSONExtractString(data, 'account_id') = {account:String})
     ORDER BY incident_id`,
    { account: accountId, lineages: lineageIds },
  );
  return { accountId, keyIds, lineageIds, incidentIds: incidents.map(({ incident_id }) => incident_id) };
}

export async function askRows<Row>(
  store: Store,
  query: string,
  params: Record<string, unknown>,
): Promise<Row[]> {
  const answer = await store.client.query({ query, query_params: params, format: 'JSONEachRow' });
  return answer.json<Row>();
}
