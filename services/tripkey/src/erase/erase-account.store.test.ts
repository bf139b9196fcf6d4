import { importKeys, verifyStore } from '@tripkey/ingest';
import { migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { eraseAccount } from './erase-account.ts';

const start = Date.parse('2026-03-02T10:00:00Z');
const at = new Date(start).toISOString();

/** Two accounts with the same of everything. */
async function fill(store: Store): Promise<void> {
  const accounts = ['acct_gone', 'acct_stays'];
  await importKeys(
    store,
    accounts.map((account_id) => ({
      ...{
        key_id: `key_of_${account_id}`,
        lineage_id: `line_${account_id}`,
        account_id,
        scopes: [],
        tags: {},
      },
      ...{ status: 'active', protected: false },
    })),
    start,
    null,
  );
  const events = accounts.flatMap((account_id, of) =>
    Array.from({ length: 20 }, (_, i) => ({
      ...{
        ts: at,
        event_id: `${account_id}-${i}`,
        key_id: `key_of_${account_id}`,
        account_id,
        method: 'GET',
        status: 200,
      },
      ...{
        route: '/v1/leads',
        outcome: 'valid',
        arrived_at: at,
        _topic: 't',
        _partition: 0,
        _offset: 2 * i + of,
        _idx: 0,
      },
    })),
  );
  await store.insert('requests_raw_v1', events, 'raw');
  const letters = [
    JSON.stringify({ key_id: 'key_of_acct_gone', status: 'x' }),
    JSON.stringify({ key_id: 'key_of_acct_stays', account_id: 'acct_gone_not', ts: at }),
    'no JSON: account=acct_gone, {',
  ];
  await store.insert(
    'dead_letters_v1',
    letters.map((original, i) => ({
      ...{
        at,
        reason: 'invalid',
        detail: '',
        original,
        _topic: 't',
        _partition: 0,
        _offset: 40 + i,
        _idx: 0,
      },
    })),
    'letters',
  );
  for (const account_id of accounts) {
    const subject = { subject_kind: 'key', subject_id: `line_${account_id}` };
    await store.insert(
      'incident_events_v1',
      [{ incident_id: `i_${account_id}`, seq: 1, at, kind: 'opened', ...subject, data: '{}' }],
      account_id,
    );
    const profile = {
      shard: 0,
      subject: `key:line_${account_id}`,
      slot: 0,
      generation: 1,
      learned_until: at,
      profile: '{}',
    };
    await store.insert('profiles_v2', [profile], account_id);
  }
}

/** Everything that any table or view says, as text. */
async function everything(store: Store): Promise<string> {
  const tables = await store.client.query({
    query: `SELECT name FROM system.tables WHERE database = '${store.database}' AND engine LIKE '%MergeTree'`,
    format: 'JSONEachRow',
  });
  const texts: string[] = [];
  for (const { name } of await tables.json<{ name: string }>()) {
    const rows = await store.client.query({ query: `SELECT * FROM ${name}`, format: 'JSONEachRow' });
    texts.push(await rows.text());
  }
  return texts.join('\n');
}

test('an account that is erased is nowhere any more, another is untouched, and nothing is taken for lost', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  await fill(store);

  const counted = await eraseAccount(store, 'acct_gone', true);
  expect(counted.rows).toMatchObject({
    requests_raw_v1: 20,
    keys_v1: 1,
    incident_events_v1: 1,
    profiles_v2: 1,
    dead_letters_v1: 2,
  });
  expect(await everything(store)).toContain('acct_gone');

  expect(await eraseAccount(store, 'acct_gone', false)).toEqual(counted);
  const after = await everything(store);
  expect(after).not.toMatch(/acct_gone(?!_not)/);
  expect(after).toContain('acct_gone_not');
  const stays = await eraseAccount(store, 'acct_stays', true);
  expect(stays.rows).toEqual({ ...counted.rows, dead_letters_v1: 1 });
  const { partitions } = await verifyStore(store, { from: start, to: start + 86_400_000, repair: false });
  expect(partitions.map(({ holes }) => holes)).toEqual([[]]);

  expect(await eraseAccount(store, 'acct_gone', false)).toEqual({ keys: 0, rows: {} });
});

test('what belongs to nobody stays, however many keys an account has', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const event = { ts: at, method: 'GET', status: 401, outcome: 'missing', arrived_at: at, _topic: 't' };
  const place = (offset: number) => ({ event_id: `e${offset}`, _partition: 0, _offset: offset, _idx: 0 });
  const ofMany = Array.from({ length: 300 }, (_, i) => ({
    ...{ ...event, ...place(i), key_id: `k${i}`, account_id: 'acct_many' },
  }));
  await store.insert(
    'requests_raw_v1',
    [
      ...ofMany,
      { ...event, ...place(300), key_id: '', account_id: 'acct_many' },
      { ...event, ...place(301), key_id: '', account_id: '' },
    ],
    'many',
  );
  const letter = { at, reason: 'invalid', detail: '', _topic: 't', ...place(302) };
  const { event_id: _, ...row } = letter;
  await store.insert('dead_letters_v1', [{ ...row, original: '{"account_id":"acct_other"}' }], 'other');

  const { keys, rows } = await eraseAccount(store, 'acct_many', false);
  expect({ keys, raw: rows.requests_raw_v1, letters: rows.dead_letters_v1 }).toEqual({
    ...{ keys: 300, raw: 301, letters: undefined },
  });
  const left = await everything(store);
  expect(left).toContain('e301');
  expect(left).toContain('acct_other');
});
