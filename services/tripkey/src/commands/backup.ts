import { readConfig, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { backUp } from '../backup/back-up.ts';
import { restore } from '../backup/restore.ts';
import { showProgress } from '../progress.ts';

const BackupConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });

/** `tripkey backup`: every table into a folder. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write everything in ClickHouse into a folder: events, what was learnt, incidents, audit')
    .requiredOption('--to <folder>', 'new, or empty')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
Works on a server and on the embedded engine, while everything runs. Of a large server take ClickHouse's own BACKUP,
which copies parts; docs/operations/backup.md has both.`,
    )
    .action(async (options: { to: string; json?: boolean }) => {
      const { clickhouse } = readConfig(BackupConfig, process.env);
      await using store = openStore(clickhouse);
      const shown = progress('Backing up');
      const { tables } = await backUp({
        store,
        folder: options.to,
        now: systemClock.now,
        onTable: shown.onTable,
      });
      shown.stop();
      tell(
        { folder: options.to, tables: tables.length, files: tables.flatMap(({ files }) => files).length },
        options,
      );
    });
}

/** `tripkey restore`: a folder into an empty database. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('put a backup back into a database that is new or empty')
    .requiredOption('--from <folder>', 'what `tripkey backup` wrote')
    .option('--json', 'print what was restored as JSON')
    .action(async (options: { from: string; json?: boolean }) => {
      const { clickhouse } = readConfig(BackupConfig, process.env);
      const shown = progress('Restoring');
      const { tables, made_at } = await restore({ clickhouse, folder: options.from, onTable: shown.onTable });
      shown.stop();
      tell({ database: clickhouse.database, tables: tables.length, made_at }, options);
    });
}

function progress(title: string) {
  let bar: ReturnType<typeof showProgress> | null = null;
  return {
    onTable(table: string, index: number, count: number) {
      bar ??= showProgress(title, count);
      bar.update(index, table);
    },
    stop: () => bar?.stop(),
  };
}

function tell(done: Readonly<Record<string, unknown>>, { json }: { json?: boolean }): void {
  const words = Object.entries(done).map(([name, value]) => `${name.replace('_', ' ')} ${value}`);
  process.stdout.write(`${json ? JSON.stringify(done) : words.join(', ')}\n`);
}
