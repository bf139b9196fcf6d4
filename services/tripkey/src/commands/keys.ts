import { importKeys } from '@tripkey/ingest';
import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { readKeys } from '../read-keys.ts';
import { UsageError } from '../usage-error.ts';

const KeysConfig = z.object({
  clickhouse: ClickHouseConfig.prefault({}),
  pipeline: z.object({ pepper: z.string().min(16).optional() }).prefault({}),
});

/** `tripkey keys import`: tells Tripkey what an issuer knows about keys. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('what issuers say about keys');
  keys
    .command('import')
    .description('import KeyRecords, one JSON object a line')
    .argument('<file>', 'file, .gz, .zst, or - for standard input')
    .option('--json', 'print the count as JSON')
    .addHelpText(
      'after',
      `
Records with secret_hashes can be found by a leak report. Their hashes are keyed with the pepper of the installation,
TRIPKEY_PIPELINE__PEPPER (or …_FILE), before they are stored.`,
    )
    .action(async (file: string, options: { json?: boolean }) => {
      const config = readConfig(KeysConfig, process.env);
      const records = await readKeys(file, 'refused');
      const { pepper = null } = config.pipeline;
      if (pepper === null && records.some(({ secret_hashes: hashes }) => hashes && hashes.length > 0)) {
        throw new UsageError(
          'these records carry secret_hashes: set TRIPKEY_PIPELINE__PEPPER as ingest has it',
        );
      }
      await using store = openStore(config.clickhouse);
      await importKeys(store, records, Date.now(), pepper);
      process.stdout.write(
        options.json ? `${JSON.stringify({ keys: records.length })}\n` : `${records.length} keys\n`,
      );
    });
  return keys;
}
