import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { migrationFiles } from '../migrate.ts';
import { defineQuestion } from '../question.ts';
import { openStore } from '../store.ts';
import { changing, renderForCluster, shardedBy } from './render-for-cluster.ts';

const cluster = { name: 'tripkey', database: 'keys' };
const store = openStore({ ...clickHouseConfig(), database: 'default' });
afterAll(() => store[Symbol.asyncDispose]());

const formatted = defineQuestion({
  name: 'format',
  sql: 'SELECT formatQuery({sql:String}) AS sql',
  params: z.object({ sql: z.string() }),
  row: z.object({ sql: z.string() }),
});
const migrations = migrationFiles().map(({ number, name, sql }) => ({
  file: `${number} ${name}`,
  statements: renderForCluster(sql, cluster),
}));
const all = migrations.flatMap(({ statements }) => statements);

// No cluster runs here. What is rendered is read by ClickHouse's own parser, and looked at for what a cluster needs.
describe.each(migrations)('migration $file on a cluster', ({ statements }) => {
  test('is read by ClickHouse as it was meant', async () => {
    for (const sql of statements) {
      const [row] = await store.ask(formatted, { sql });
      if (!sql.startsWith('INSERT')) expect(row?.sql).toMatch(/ON CLUSTER tripkey|^ALTER TABLE \w+\n/);
    }
  });

  test('makes no table that only one node would have', () => {
    for (const sql of statements.filter((one) => one.startsWith('CREATE TABLE')))
      expect(sql).toMatch(/ENGINE = (Replicated\w*MergeTree\('|Distributed\()/);
    expect(statements.join()).not.toContain('non_replicated');
  });
});

test('a sharded table has a part on every shard and one in front, sharded by key', () => {
  expect(all.find((sql) => sql.startsWith('CREATE TABLE IF NOT EXISTS requests_raw_v1_local'))).toMatch(
    /ON CLUSTER 'tripkey'\n[\s\S]*ENGINE = ReplicatedMergeTree\('\/clickhouse\/tables\/\{database\}\/\{shard\}\/\{table\}', '\{replica\}'\)\n[\s\S]*SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, ttl_only_drop_parts = 1\nCOMMENT/,
  );
  expect(all).toContain(
    `CREATE TABLE IF NOT EXISTS requests_raw_v1 ON CLUSTER 'tripkey' AS requests_raw_v1_local
ENGINE = Distributed('tripkey', 'keys', 'requests_raw_v1_local', cityHash64(key_id))
COMMENT 'One row a request event'`,
  );
  const sorted = migrationFiles().map(({ sql }) => sql);
  for (const table of Object.keys(shardedBy)) {
    const definition = sorted.find((sql) => sql.includes(`CREATE TABLE IF NOT EXISTS ${table}\n`))!;
    // Rows that merge into one have the same key, and so lie on the same shard.
    expect(definition).toMatch(/ORDER BY \(?key_id\b/);
  }
});

test('other tables are whole on every node of every shard', () => {
  expect(all.find((sql) => sql.includes('EXISTS keys_v1'))).toContain(
    `ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/whole/{table}', '{shard}-{replica}', version)`,
  );
});

test('a view that fills a rollup reads and writes on its own shard', () => {
  const view = all.find((sql) => sql.includes('VIEW IF NOT EXISTS usage_per_minute_mv_v1'))!;
  expect(view).toMatch(/ON CLUSTER 'tripkey' TO usage_per_minute_v1_local AS\n/);
  expect(view).toMatch(/FROM requests_raw_v1_local\n/);
});

test('a column that is added to a sharded table is added to the one in front, too', () => {
  expect(
    renderForCluster('-- why\nALTER TABLE requests_raw_v1\n    ADD COLUMN IF NOT EXISTS x UInt8', cluster),
  ).toEqual([
    "ALTER TABLE requests_raw_v1_local ON CLUSTER 'tripkey'\n    ADD COLUMN IF NOT EXISTS x UInt8",
    "ALTER TABLE requests_raw_v1 ON CLUSTER 'tripkey'\n    ADD COLUMN IF NOT EXISTS x UInt8",
  ]);
});

test('rows are changed where they lie', () => {
  expect(changing('requests_raw_v1', 'tripkey')).toBe("requests_raw_v1_local ON CLUSTER 'tripkey'");
  expect(changing('keys_v1', 'tripkey')).toBe('keys_v1');
  expect(changing('requests_raw_v1', undefined)).toBe('requests_raw_v1');
});

test('what nobody thought of is refused', () => {
  expect(() => renderForCluster('OPTIMIZE TABLE x', cluster)).toThrow('it is not known how to run this');
});
