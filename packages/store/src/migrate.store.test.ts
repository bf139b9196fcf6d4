import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { migrate, migrationFiles } from './migrate.ts';
import { defineQuestion } from './question.ts';
import { applyRetention, Retention } from './retention.ts';
import { openStore, type Store } from './store.ts';

const config = clickHouseConfig();
let store: Store;
let applied: string[];

beforeAll(async () => {
  applied = await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

const ask = (sql: string) =>
  store.ask(
    defineQuestion({ name: 'test', sql, params: z.object({}), row: z.record(z.string(), z.unknown()) }),
    {},
  );

test('a new database gets every migration, once and in order', async () => {
  expect(applied).toEqual(migrationFiles().map(({ number, name }) => `${number} ${name}`));
  expect(await migrate(config)).toEqual([]);
});

test('a run that was cut off before it was written down is run again without harm', async () => {
  const tables = `
    SELECT name, create_table_query FROM system.tables
    WHERE database = currentDatabase() ORDER BY name`;
  const before = await ask(tables);
  // The one that fills from a table dropped since is tried below, with that table.
  for (const { sql, name } of migrationFiles()) if (name !== 'profiles_v2_filled') await store.command(sql);
  expect(await ask(tables)).toEqual(before);
});

test('every column and every table says what it holds', async () => {
  const silent = await ask(`
    SELECT table, name FROM system.columns
    WHERE database = currentDatabase() AND comment = ''
      AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')`);
  expect(silent).toEqual([]);
  const nameless = await ask(`
    SELECT name FROM system.tables
    WHERE database = currentDatabase() AND comment = '' AND engine != 'MaterializedView'`);
  expect(nameless).toEqual([]);
});

test.each(['usage', 'keys', 'findings', 'leak_reports', 'gateway_runs'])(
  'the view %s answers',
  async (view) => {
    expect(await ask(`SELECT * FROM ${view} LIMIT 1`)).toEqual([]);
  },
);

test('retention is set by policy, and setting it again changes it', async () => {
  await applyRetention(store, Retention.parse({ rawDays: 12 }));
  await applyRetention(store, Retention.parse({ rawDays: 14 }));
  const [table] = await ask(`
    SELECT create_table_query AS query FROM system.tables
    WHERE database = currentDatabase() AND name = 'requests_raw_v1'`);
  expect(table?.query).toMatch(/TTL toDateTime\(ts\) \+ toIntervalDay\(14\)/);
});

test('what a database of an earlier release had learnt is still known after the migration', async () => {
  const earlier = clickHouseConfig();
  await migrate({ ...earlier });
  await using old = openStore(earlier);
  const files = migrationFiles();
  const sqlOf = (name: string) => files.find((file) => file.name === name)!.sql;
  await old.command(sqlOf('profiles'));
  await old.insert(
    'profiles_v1',
    [{ shard: 0, subject: 'key:a', learned_until: '2026-03-02T10:00:00Z', profile: '{}' }],
    'old',
  );
  for (const name of ['profiles_v2_filled', 'profiles_v2_filled', 'profiles_v1_dropped'])
    await old.command(sqlOf(name));
  const [row] = await old.ask(
    defineQuestion({
      name: 'test',
      sql: 'SELECT count() AS rows, any(subject) AS subject FROM profiles_v2 FINAL',
      params: z.object({}),
      row: z.object({ rows: z.number(), subject: z.string() }),
    }),
    {},
  );
  expect(row).toEqual({ rows: 1, subject: 'key:a' });
});
