import { importKeys } from '@tripkey/ingest';
import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { readKeys } from '../read-keys.ts';

const KeysConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });

/** `tripkey keys import`: tells Tripkey what an issuer knows about keys. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('what issuers say about keys');
  keys
    .command('import')
    .description('import KeyRecords, one JSON object a line')
    .argument('<file>', 'file, .gz, .zst, or - for standard input')
    .option('--json', 'print the count as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const config = readConfig(KeysConfig, process.env);
      const records = await readKeys(file);
      await using store = openStore(config.clickhouse);
      await importKeys(store, records, Date.now());
      process.stdout.write(
        options.json ? `${JSON.stringify({ keys: records.length })}\n` : `${records.length} keys\n`,
      );
    });
  return keys;
}
