import { jsonLogger, readConfig } from '@tripkey/service-kit';
import { applyRetention, migrate, openStore } from '@tripkey/store';
import { Command } from 'commander';
import { MigrateConfig } from '../configuration/migrate-config.ts';

/** `tripkey migrate`: brings ClickHouse to the schema of this release. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring ClickHouse to the schema of this release and set how long rows are kept')
    .option('--json', 'print what was done as JSON')
    .action(async (options: { json?: boolean }) => {
      const config = readConfig(MigrateConfig, process.env);
      const log = jsonLogger({ service: 'migrate' });
      const applied = await migrate(config.clickhouse);
      await using store = openStore(config.clickhouse);
      await applyRetention(store, config.retention);
      log.info({ applied, retention: config.retention }, 'schema is up to date');
      if (options.json) process.stdout.write(`${JSON.stringify({ applied })}\n`);
    });
}
