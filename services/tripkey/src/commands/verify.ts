import { countFaults, type VerifyReport, verifyStore } from '@tripkey/ingest';
import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { readTime } from '../read-time.ts';
import { UsageError } from '../usage-error.ts';

const VerifyConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });
const dayMs = 86_400_000;

/** `tripkey verify`: whether each event is stored once and counted once. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check raw for duplicates and holes, and the rollup against raw')
    .option('--from <time>', 'what arrived from here on (RFC 3339); a day ago without it')
    .option('--to <time>', 'up to here; now without it')
    .option('--repair', 'put right what can be put right')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Reads the ClickHouse that TRIPKEY_CLICKHOUSE__URL names; ingest may run meanwhile. Exit code 1 when something is wrong,
or still is after --repair. Holes cannot be repaired: those events are not stored.`,
    )
    .action(async (options: { from?: string; to?: string; repair?: boolean; json?: boolean }) => {
      const config = readConfig(VerifyConfig, process.env);
      const to = options.to ? readTime('--to', options.to) : Date.now();
      const from = options.from ? readTime('--from', options.from) : to - dayMs;
      if (from >= to) throw new UsageError('--from must be before --to');
      await using store = openStore(config.clickhouse);
      const report = await verifyStore(store, { from, to, repair: options.repair === true });
      process.stdout.write(options.json ? `${JSON.stringify(toJson(report))}\n` : inWords(report));
      if (!report.held) process.exitCode = 1;
    });
}

function toJson(report: VerifyReport) {
  return {
    from: new Date(report.from),
    to: new Date(report.to),
    ...countFaults(report),
    repaired: report.repaired,
    held: report.held,
    partitions: report.partitions.map(({ rollupMismatches, ...partition }) => ({
      ...partition,
      rollup_mismatches: rollupMismatches,
    })),
  };
}

function inWords(report: VerifyReport): string {
  const lines = report.partitions.map(
    ({ topic, partition, rows, duplicates, holes, rollupMismatches }) =>
      `${topic}/${partition}: ${rows} rows, ${duplicates} too many, ${holes.length} holes, ` +
      `${rollupMismatches} minutes counted otherwise${holes.map(({ from, to }) => `\n  nothing of offsets ${from} to ${to}`).join('')}`,
  );
  if (report.unmarkedRepeats > 0) lines.push(`${report.unmarkedRepeats} events counted a second time`);
  if (report.repaired) lines.push('repaired, except holes');
  lines.push(report.held ? 'all is stored once and counted once' : 'DOES NOT HOLD');
  return `${lines.join('\n')}\n`;
}
