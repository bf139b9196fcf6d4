import { AuditTrail, onStore } from '@tripkey/alerter';
import { readConfig, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { eraseAccount } from '../erase/erase-account.ts';
import { onRecord } from '../erase/on-record.ts';
import { tracesOfAccount } from '../erase/traces-of-account.ts';
import { UsageError } from '../usage-error.ts';

const EraseConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });

/** `tripkey erase`: everything about one account, on request. */
export function eraseCommand(): Command {
  return new Command('erase')
    .description('take everything about one account out of ClickHouse, for ever')
    .requiredOption('--account <id>', 'account')
    .option('--dry-run', 'count what would be erased')
    .option('--by <name>', 'who does it; goes into the audit log')
    .option('--reason <text>', 'why; goes into the audit log')
    .option('--yes', 'really do it')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
Stop the detector and the alerter before and start them after: they keep what they know in memory and would save it again.
The audit log stays, as proof of what was done, and what it repeats of the incidents of others stays there. What addresses
tried lately is forgotten by the detector within a quarter of an hour. Kafka and backups have their own retention.`,
    )
    .action(erase);
}

async function erase(options: {
  account: string;
  dryRun?: boolean;
  by?: string;
  reason?: string;
  yes?: boolean;
  json?: boolean;
}): Promise<void> {
  const { account, by, reason } = options;
  const dryRun = options.dryRun === true;
  // What is of no known account has an empty one: all of it would go.
  if (account === '') throw new UsageError('--account: say which');
  if (!dryRun && !(options.yes && by && reason))
    throw new UsageError('say --dry-run, or --yes with --by and --reason: what is erased is gone');
  const { clickhouse } = readConfig(EraseConfig, process.env);
  await using store = openStore(clickhouse);
  const traces = await tracesOfAccount(store, account);
  const erasure = dryRun
    ? await eraseAccount(store, traces, true)
    : await onRecord(
        new AuditTrail({ log: onStore(store).auditLog, clock: systemClock }),
        { account, by: by!, reason: reason!, incidentIds: traces.incidentIds },
        () => eraseAccount(store, traces, false),
      );
  const lines = [
    ...Object.entries(erasure.rows).map(([table, rows]) => `${table}: ${rows} rows`),
    ...Object.entries(erasure.changed).map(([table, rows]) => `${table}: names in ${rows} rows of others`),
  ];
  const summary = `${dryRun ? 'would be erased' : 'erased'}: account ${account}, ${erasure.keys} keys`;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...erasure, dry_run: dryRun })}\n`
      : `${[...lines, summary].join('\n')}\n`,
  );
}
