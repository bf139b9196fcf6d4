import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyStore } from '@tripkey/ingest';
import { type ClickHouseConfig, migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUp, rowsOf } from './back-up.ts';
import { restore } from './restore.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripkey-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const minuteMs = 60_000;
const start = Date.parse('2026-03-02T10:00:00Z');

/** Some of everything: events over two days, what was learnt, an incident. */
async function fill(store: Store): Promise<void> {
  const rows = Array.from({ length: 500 }, (_, i) => ({
    ...{
      ts: new Date(start + i * 5 * minuteMs).toISOString(),
      event_id: `e${i}`,
      key_id: `key_${i % 7}`,
      method: 'GET',
    },
    ...{
      route: '/v1/leads/{id}',
      status: i % 11 === 0 ? 403 : 200,
      outcome: 'valid',
      client_ip: '::ffff:203.0.113.7',
    },
    ...{ user_agent: `agent "quoted"\n${i}`, arrived_at: new Date(start + i * 5 * minuteMs).toISOString() },
    ...{ _topic: 't', _partition: 0, _offset: i, _idx: 0, tags: { service: 'leads' } },
  }));
  await store.insert('requests_raw_v1', rows, 'raw');
  const at = new Date(start).toISOString();
  await store.insert('detector_progress_v1', [{ shard: 0, frontier: at, published_until: at, at }], 'p');
  const profile = {
    shard: 0,
    subject: 'key:key_1',
    slot: 0,
    generation: 1,
    learned_until: at,
    profile: '{"a":1}',
  };
  await store.insert('profiles_v2', [profile], 'p');
  const use = { method: 'GET', route: '/v1/leads/{id}', first_accepted_at: at, last_accepted_at: at };
  await store.insert(
    'endpoint_use_v1',
    ['key_1', 'key_2'].map((key_id) => ({ key_id, ...use })),
    'u',
  );
  const event = {
    incident_id: 'i1',
    seq: 1,
    at,
    kind: 'opened',
    subject_kind: 'key',
    subject_id: 'key_1',
    data: '{}',
  };
  await store.insert('incident_events_v1', [event, { ...event, seq: 2 }], 'i');
}

async function filled(): Promise<ClickHouseConfig> {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  await fill(store);
  return config;
}

/** Everything that analysts, detector and alerter read, in order. */
async function contents(config: ClickHouseConfig): Promise<unknown[]> {
  await using store = openStore(config);
  const answers = await Promise.all(
    [
      'SELECT * FROM requests_raw_v1 ORDER BY _offset',
      'SELECT * FROM usage ORDER BY key_id, minute',
      'SELECT * FROM key_use_v1 ORDER BY key_id',
      'SELECT * FROM profiles_v2 ORDER BY subject',
      'SELECT * FROM incident_events_v1 ORDER BY seq',
    ].map((query) => store.client.query({ query, format: 'JSONEachRow' })),
  );
  return await Promise.all(answers.map((answer) => answer.json()));
}

async function backedUp(config: ClickHouseConfig): Promise<void> {
  await using store = openStore(config);
  const { tables } = await backUp({ store, folder, now: () => start });
  expect(tables.every(({ rows }) => rows !== null)).toBe(true);
}

describe('a backup', () => {
  test('put back into an empty database is what was there, row for row, and raw agrees with its rollup', async () => {
    const before = await filled();
    await backedUp(before);
    const after = clickHouseConfig();
    await restore({ clickhouse: after, folder });
    expect(await contents(after)).toEqual(await contents(before));
    await using store = openStore(after);
    expect((await verifyStore(store, { from: start, to: start + 3 * 86_400_000, repair: false })).held).toBe(
      true,
    );
  });

  test('that was damaged is refused before anything is inserted', async () => {
    await backedUp(await filled());
    const file = readdirSync(folder).find((name) => name.startsWith('requests_raw_v1'))!;
    appendFileSync(join(folder, file), 'x');
    const after = clickHouseConfig();
    await expect(restore({ clickhouse: after, folder })).rejects.toThrow(/not what was backed up/);
    await using store = openStore({ ...after, database: 'system' });
    const there = await store.client.query({
      query: `SELECT name FROM databases WHERE name = '${after.database}'`,
      format: 'JSONEachRow',
    });
    expect(await there.json()).toEqual([]);
  });

  test('is not put over rows that are there, nor over another backup', async () => {
    const config = await filled();
    await backedUp(config);
    await expect(restore({ clickhouse: config, folder })).rejects.toThrow(/has rows/);
    await using store = openStore(config);
    expect(await rowsOf(store, 'requests_raw_v1')).toBe(500);
    await expect(backUp({ store, folder, now: () => start })).rejects.toThrow(/not empty/);
  });

  test('that was cut off is none', async () => {
    await backedUp(await filled());
    rmSync(join(folder, 'manifest.json'));
    await expect(restore({ clickhouse: clickHouseConfig(), folder })).rejects.toThrow(
      /no backup that was finished/,
    );
  });

  test('for which ClickHouse does not answer to the end fails, and is none', async () => {
    await using store = openStore(await filled());
    const exec: Store['client']['exec'] = (asked) =>
      store.client.exec({
        ...asked,
        query: `SELECT number, throwIf(number = 1500000, 'out of memory') FROM numbers(2000000) FORMAT Native`,
      });
    const client = new Proxy(store.client, {
      get: (one, name) => (name === 'exec' ? exec : Reflect.get(one, name).bind(one)),
    });
    const broken = { ...store, client };
    await expect(backUp({ store: broken, folder, now: () => start })).rejects.toThrow(/out of memory/);
    await expect(restore({ clickhouse: clickHouseConfig(), folder })).rejects.toThrow(
      /no backup that was finished/,
    );
  });
});
