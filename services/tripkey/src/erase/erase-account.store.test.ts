import { AuditTrail, IncidentEvent, onStore, verifyStoredAudit } from '@tripkey/alerter';
import { importKeys, verifyStore } from '@tripkey/ingest';
import { systemClock } from '@tripkey/service-kit';
import { migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { eraseAccount } from './erase-account.ts';
import { onRecord } from './on-record.ts';
import { tracesOfAccount } from './traces-of-account.ts';

const start = Date.parse('2026-03-02T10:00:00Z');
const at = new Date(start).toISOString();

const erase = async (store: Store, account: string, dryRun: boolean) =>
  eraseAccount(store, await tracesOfAccount(store, account), dryRun);

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
async function everything(store: Store, but = ''): Promise<string> {
  const tables = await store.client.query({
    query: `SELECT name FROM system.tables WHERE database = '${store.database}' AND engine LIKE '%MergeTree' AND name != '${but}'`,
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

  const counted = await erase(store, 'acct_gone', true);
  expect(counted.rows).toMatchObject({
    requests_raw_v1: 20,
    keys_v1: 1,
    incident_events_v1: 1,
    profiles_v2: 1,
    dead_letters_v1: 2,
  });
  expect(await everything(store)).toContain('acct_gone');

  expect(await erase(store, 'acct_gone', false)).toEqual(counted);
  const after = await everything(store);
  expect(after).not.toMatch(/acct_gone(?!_not)/);
  expect(after).toContain('acct_gone_not');
  const stays = await erase(store, 'acct_stays', true);
  expect(stays.rows).toEqual({ ...counted.rows, dead_letters_v1: 1 });
  const { partitions } = await verifyStore(store, { from: start, to: start + 86_400_000, repair: false });
  expect(partitions.map(({ holes }) => holes)).toEqual([[]]);

  expect(await erase(store, 'acct_gone', false)).toEqual({ keys: 0, rows: {}, changed: {} });
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

  const { keys, rows } = await erase(store, 'acct_many', false);
  expect({ keys, raw: rows.requests_raw_v1, letters: rows.dead_letters_v1 }).toEqual({
    ...{ keys: 300, raw: 301, letters: undefined },
  });
  const left = await everything(store);
  expect(left).toContain('e301');
  expect(left).toContain('acct_other');
});

test('requests without a key, keys of several accounts and what they did stay', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const event = { ts: at, method: 'GET', status: 401, outcome: 'unknown_key', arrived_at: at, _topic: 't' };
  const uses = [
    ['unknown', 'acct_gone'],
    ['unknown', ''],
    ['unknown', 'acct_stays'],
    ['key_of_two', 'acct_gone'],
    ['key_of_two', 'acct_stays'],
    ['key_of_two', ''],
    ['key_of_other', 'acct_gone'],
    ['key_of_other', ''],
    ['key_gone', 'acct_gone'],
    ['key_gone', ''],
  ];
  const rows = uses.map(([key_id, account_id], n) => ({
    ...{ ...event, key_id, account_id, event_id: `e${n}`, _partition: 0, _offset: n, _idx: 0 },
  }));
  await store.insert('requests_raw_v1', rows, 'raw');
  await store.insert(
    'keys_v1',
    [{ key_id: 'key_of_other', account_id: 'acct_stays', status: 'active' }],
    'keys',
  );
  const incident = (subject_id: string) => ({
    ...{ incident_id: `i_${subject_id}`, seq: 1, at, kind: 'opened', subject_kind: 'key', subject_id },
    data: '{}',
  });
  await store.insert('incident_events_v1', ['unknown', 'key_of_two', 'key_gone'].map(incident), 'i');

  expect((await erase(store, 'acct_gone', false)).rows).toMatchObject({
    requests_raw_v1: 5,
    incident_events_v1: 1,
  });
  const left = await store.client.query({
    query:
      'SELECT id FROM (SELECT event_id AS id FROM requests_raw_v1 UNION ALL SELECT incident_id FROM incident_events_v1) ORDER BY id',
    format: 'JSONEachRow',
  });
  expect((await left.json<{ id: string }>()).map(({ id }) => id)).toEqual([
    'e1',
    'e2',
    'e4',
    'e5',
    'e7',
    'i_key_of_two',
    'i_unknown',
  ]);
});

test('what is about others stays without the names, and the audit log is whole', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const key = { key_id: 'key_gone', lineage_id: 'line_gone', account_id: 'acct_gone', status: 'active' };
  await store.insert('keys_v1', [key], 'keys');
  const opening = {
    ...{ seq: 1, at: start, kind: 'opened', app_id: '', severity: 'high', score: 3, partition: 0 },
    ...{ key_id: null, account_id: '' },
  };
  const source = { kind: 'source', id: '203.0.113.7' };
  const opened = [
    { ...opening, incident_id: 'i_key', subject: { kind: 'key', id: 'line_gone' }, key_id: 'key_gone' },
    { ...opening, incident_id: 'i_app', subject: { kind: 'app', id: 'a' }, account_id: 'acct_gone' },
    { ...opening, incident_id: 'i_source', subject: source },
  ].map((one) => IncidentEvent.parse(one));
  const evidence = {
    ...{ observed: { keys: 2 }, sql: "SELECT 1 WHERE key_id IN ('key_gone', 'key_gone_2')" },
    samples: [{ key_id: 'key_gone' }, { key_id: 'key_stays' }],
  };
  const finding = {
    ...{ finding_id: 'f'.repeat(32), rule_id: 'one-source-many-keys', rule_version: 1, title: 'One' },
    ...{ key_id: null, window_from: at, window_to: at, detected_at: at, score: 3, severity: 'high' },
  };
  const added = { seq: 2, at: start, kind: 'finding_added', finding: { ...finding, evidence }, score: 3 };
  const found = IncidentEvent.parse({ ...added, incident_id: 'i_source', subject: source });
  const { incidentLog, auditLog } = onStore(store);
  await incidentLog.append([...opened, found]);
  const trail = new AuditTrail({ log: auditLog, clock: systemClock });
  trail.addEvents([...opened, found]);
  await trail.flush();
  const row = { ...finding, key_id: '', subject_kind: 'source', subject_id: source.id };
  await store.insert('findings_v1', [{ ...row, evidence: JSON.stringify(evidence) }], 'f');
  const result = '{"added":[{"subject":"key:line_gone","severity":"high"}]}';
  await store.insert('backtests_v1', [{ backtest_id: 'b', version: at, state: 'done', result }], 'b');
  const withdrawn = { at, by: 'alice', reason: 'acct_gone asked' };
  await store.insert('lessons_withdrawn_v1', [{ incident_id: 'i_key', ...withdrawn }], 'l');

  const traces = await tracesOfAccount(store, 'acct_gone');
  const wish = { account: 'acct_gone', by: 'alice', reason: 'asked', incidentIds: traces.incidentIds };
  const counted = await eraseAccount(store, traces, true);
  expect(counted.changed).toEqual({ incident_events_v1: 1, findings_v1: 1, backtests_v1: 1 });
  expect(counted.rows).toMatchObject({ incident_events_v1: 2, lessons_withdrawn_v1: 1 });
  expect(await onRecord(trail, wish, () => eraseAccount(store, traces, false))).toEqual(counted);

  const after = await everything(store, 'audit_v1');
  expect(after).not.toMatch(/(acct|line|key)_gone(?!_2)/);
  expect(after).toContain('key_gone_2');
  expect(after).toContain('key:erased');
  // What is left of the incident reads as before.
  expect(await incidentLog.loadOne('i_source')).toMatchObject([
    { kind: 'opened' },
    { finding: { evidence: { samples: [{ key_id: 'erased' }, { key_id: 'key_stays' }] } } },
  ]);
  expect((await verifyStoredAudit(store)).faults).toEqual([]);
});
