import { readdirSync, readFileSync } from 'node:fs';
import { createClient } from '@clickhouse/client';
import * as z from 'zod';
import { renderForCluster } from './cluster/render-for-cluster.ts';
import { defineQuestion } from './question.ts';
import { type ClickHouseConfig, connection, openStore, type Store } from './store.ts';

const schemaFolder = new URL('./schema/', import.meta.url);

const appliedMigrations = defineQuestion({
  name: 'applied-migrations',
  sql: 'SELECT number FROM schema_migrations_v1 FINAL ORDER BY number',
  params: z.object({}),
  row: z.object({ number: z.number() }),
});

/**
 * Brings a database to the schema of this release: makes it if need be and applies, in order, the migrations it has
 * not had. Every file is one idempotent statement (on a cluster two at most), so a run that was cut off is simply run again.
 * @returns the names of the files that were applied.
 */
export async function migrate(config: ClickHouseConfig): Promise<string[]> {
  const admin = createClient(connection(config));
  try {
    const everywhere = config.cluster === undefined ? '' : ` ON CLUSTER '${config.cluster}'`;
    await admin.command({ query: `CREATE DATABASE IF NOT EXISTS ${config.database}${everywhere}` });
  } finally {
    await admin.close();
  }
  await using store = openStore(config);
  const files = migrationFiles();
  await apply(store, files[0]!);
  const applied = new Set((await store.ask(appliedMigrations, {})).map((row) => row.number));
  const done: string[] = [];
  for (const file of files) {
    if (applied.has(file.number)) continue;
    await apply(store, file);
    await store.insert(
      'schema_migrations_v1',
      [{ number: file.number, name: file.name }],
      `migration-${file.number}`,
    );
    done.push(`${file.number} ${file.name}`);
  }
  return done;
}

/** How far a database is from this release: files it has not had, and numbers that this release does not know. */
export async function schemaState(store: Store): Promise<{ missing: string[]; unknown: number[] }> {
  const files = migrationFiles();
  const applied = new Set((await store.ask(appliedMigrations, {})).map((row) => row.number));
  const known = new Set(files.map(({ number }) => number));
  return {
    missing: files
      .filter(({ number }) => !applied.has(number))
      .map(({ number, name }) => `${number} ${name}`),
    unknown: [...applied].filter((number) => !known.has(number)),
  };
}

async function apply(store: Store, file: MigrationFile): Promise<void> {
  try {
    for (const statement of statementsOf(file, store)) await store.command(statement);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`migration ${file.number} ${file.name} failed: ${reason}`, { cause });
  }
}

function statementsOf({ sql }: MigrationFile, { cluster, database }: Store): string[] {
  return cluster === null ? [sql] : renderForCluster(sql, { name: cluster, database });
}

interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** The files of `schema/` in the order of their numbers. @throws when two have the same number. */
export function migrationFiles(): MigrationFile[] {
  const files = readdirSync(schemaFolder)
    .map((file) => {
      const match = /^(\d{4})_(\w+)\.sql$/.exec(file);
      if (!match) throw new Error(`schema/${file}: a migration is named NNNN_name.sql`);
      const sql = readFileSync(new URL(file, schemaFolder), 'utf8').trim();
      return { number: Number(match[1]), name: match[2]!, sql };
    })
    .sort((a, b) => a.number - b.number);
  files.forEach((file, i) => {
    if (file.number === files[i - 1]?.number)
      throw new Error(`schema: two migrations have number ${file.number}`);
  });
  return files;
}
