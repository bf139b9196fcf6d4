import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createZstdDecompress } from 'node:zlib';
import { type ClickHouseConfig, migrate, openStore, type Store, schemaState } from '@tripkey/store';
import { UsageError } from '../usage-error.ts';
import { rowsOf } from './back-up.ts';
import { type BackupManifest, readManifest, sha256 } from './backup-manifest.ts';

/** Filled by views while the tables behind them are put back, so they come after and begin empty. */
const rollups = new Set(['usage_per_minute_v1', 'key_use_v1']);
/** Has a row from its migration, which stands for tables without events; it begins empty, too. */
const rollupProgress = 'rollup_progress_v1';

export interface RestoreParts {
  readonly clickhouse: ClickHouseConfig;
  readonly folder: string;
  readonly onTable?: (table: string, index: number, count: number) => void;
}

/**
 * Puts a backup back into a database that is new or empty: makes its tables, checks every file, and inserts.
 * @throws {UsageError} when the database has rows, or the backup is of a later release
 * @throws when a file is damaged (before anything is inserted), or rows are missing in the end
 */
export async function restore({ clickhouse, folder, onTable }: RestoreParts): Promise<BackupManifest> {
  const manifest = readManifest(folder);
  for (const { files } of manifest.tables) {
    for (const { file, sha256: expected } of files) {
      if ((await sha256(join(folder, file))) !== expected)
        throw new Error(`${file} is not what was backed up: damaged or changed. Nothing was restored`);
    }
  }
  await migrate(clickhouse);
  await using store = openStore(clickhouse);
  const { unknown } = await schemaState(store);
  if (unknown.length > 0) throw new UsageError('the database is of a later release');
  for (const { table } of manifest.tables) {
    if (table !== rollupProgress && (await rowsOf(store, table)) > 0)
      throw new UsageError(`${store.database}.${table} has rows: restore into a database that is empty`);
  }
  const ordered = [...manifest.tables].sort(
    (a, b) => Number(rollups.has(a.table)) - Number(rollups.has(b.table)),
  );
  for (const [index, { table, rows, files }] of ordered.entries()) {
    onTable?.(table, index, ordered.length);
    if (rollups.has(table) || table === rollupProgress)
      await store.command(`TRUNCATE TABLE ${store.changing(table)}`);
    for (const { file } of files) await insertFile(store, table, join(folder, file));
    const stored = await rowsOf(store, table);
    if (rows !== null && stored !== rows)
      throw new Error(`${table}: ${stored} rows of ${rows} are there. Empty the database and restore again`);
  }
  return manifest;
}

async function insertFile(store: Store, table: string, path: string): Promise<void> {
  const values = createReadStream(path).pipe(createZstdDecompress());
  const { stream } = await store.client.exec({
    query: `INSERT INTO ${table} FORMAT Native`,
    values,
    clickhouse_settings: {
      async_insert: 0,
      wait_end_of_query: 1,
      // Row for row what was there: neither merged nor taken for a repetition.
      optimize_on_insert: 0,
      insert_deduplicate: 0,
      max_partitions_per_insert_block: '1000',
    },
  });
  stream.resume();
  await new Promise<void>((resolve, reject) => {
    stream.once('end', resolve).once('close', resolve).once('error', reject);
  });
}
