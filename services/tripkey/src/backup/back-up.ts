import { createWriteStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { migrationFiles, type Store, schemaState } from '@tripkey/store';
import { UsageError } from '../usage-error.ts';
import { type BackupManifest, sha256, writeManifest } from './backup-manifest.ts';
import { wholeAnswer } from './whole-answer.ts';

/** Tables that belong together: profiles are read at the frontier that stands beside them. */
const detectorTables = ['detector_progress_v1', 'profiles_v2'];
const attemptsMax = 5;

export interface BackupParts {
  readonly store: Store;
  /** New, or empty. */
  readonly folder: string;
  readonly now: () => number;
  readonly onTable?: (table: string, index: number, count: number) => void;
}

/**
 * Writes every table into a folder, compressed, one file a partition. Services may run meanwhile: raw is then as of
 * some moment of the backup, and what the detector learnt is taken again until no save fell between its tables.
 * @throws {UsageError} when the folder is not empty, the tables are not those of this release, or lie on a cluster
 * @throws when ClickHouse breaks an answer off; the folder then has no manifest, and no restore takes it
 * @throws when the detector saves more often than its tables can be read
 */
export async function backUp({ store, folder, now, onTable }: BackupParts): Promise<BackupManifest> {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new UsageError(`${folder} is not empty`);
  if (store.cluster !== null)
    throw new UsageError(
      "of a cluster take ClickHouse's own BACKUP … ON CLUSTER (docs/operations/backup.md)",
    );
  const { missing, unknown } = await schemaState(store);
  if (missing.length + unknown.length > 0)
    throw new UsageError('the tables are not those of this release: run `tripkey migrate` first');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const all = await tablesOf(store);
  const others = all.filter((table) => !detectorTables.includes(table));
  const tables: BackupManifest['tables'] = [];
  for (const table of others) {
    onTable?.(table, tables.length, all.length);
    tables.push(await copy(store, table, folder));
  }
  onTable?.('what the detector learnt', tables.length, all.length);
  tables.push(...(await copyDetector(store, folder)));
  const schema = migrationFiles().at(-1)!.number;
  const manifest: BackupManifest = {
    ...{ format: 'tripkey-backup-1', made_at: new Date(now()).toISOString(), schema, tables },
  };
  writeManifest(folder, manifest);
  return manifest;
}

async function copyDetector(store: Store, folder: string): Promise<BackupManifest['tables']> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const before = await frontiers(store);
    const tables: BackupManifest['tables'] = [];
    for (const table of detectorTables) tables.push(await copy(store, table, folder));
    if ((await frontiers(store)) === before) return tables;
  }
  throw new Error('the detector saves too often to be copied meanwhile: stop it for the time of the backup');
}

async function frontiers(store: Store): Promise<string> {
  const answer = await store.client.query({
    query: 'SELECT shard, max(at) FROM detector_progress_v1 GROUP BY shard ORDER BY shard',
    format: 'TabSeparated',
  });
  return answer.text();
}

/** Our tables that hold rows of their own; views are made by migrations. */
async function tablesOf(store: Store): Promise<string[]> {
  const answer = await store.client.query({
    query: `SELECT name FROM system.tables
            WHERE database = {database:String} AND engine LIKE '%MergeTree' AND name != 'schema_migrations_v1' ORDER BY name`,
    query_params: { database: store.database },
    format: 'JSONEachRow',
  });
  return (await answer.json<{ name: string }>()).map(({ name }) => name);
}

async function copy(store: Store, table: string, folder: string): Promise<BackupManifest['tables'][number]> {
  const before = await rowsOf(store, table);
  const answer = await store.client.query({
    query: `SELECT DISTINCT partition_id FROM system.parts
            WHERE database = {database:String} AND table = {table:String} AND active ORDER BY partition_id`,
    query_params: { database: store.database, table },
    format: 'JSONEachRow',
  });
  const files: { file: string; sha256: string }[] = [];
  for (const { partition_id } of await answer.json<{ partition_id: string }>()) {
    const file = `${table}-${partition_id}.native.zst`;
    const { stream, response_headers } = await store.client.exec({
      query: `SELECT * FROM ${table} WHERE _partition_id = {partition:String} FORMAT Native`,
      query_params: { partition: partition_id },
    });
    const tag = response_headers['x-clickhouse-exception-tag'];
    const written = createWriteStream(join(folder, file), { mode: 0o600 });
    await pipeline(
      stream,
      wholeAnswer(typeof tag === 'string' ? tag : undefined),
      createZstdCompress(),
      written,
    );
    files.push({ file, sha256: await sha256(join(folder, file)) });
  }
  const after = await rowsOf(store, table);
  return { table, rows: before === after ? after : null, files };
}

export async function rowsOf(store: Store, table: string): Promise<number> {
  const answer = await store.client.query({
    query: `SELECT count() AS rows FROM ${table}`,
    format: 'JSONEachRow',
  });
  return (await answer.json<{ rows: number }>())[0]?.rows ?? 0;
}
