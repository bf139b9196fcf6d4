import { readFileSync } from 'node:fs';
import { type AuditHead, type AuditVerdict, verifyStoredAudit } from '@tripkey/alerter';
import { ConfigError, readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';

const AuditConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });
const Heads = z.object({
  heads: z.array(z.object({ chain: z.string(), seq: z.int(), hash: z.string().length(64) })),
});
const faultsShown = 50;

/** `tripkey audit verify`: whether the record of what was done is whole. */
export function auditCommand(): Command {
  const audit = new Command('audit').description('the record of who did what');
  audit
    .command('verify')
    .description('check that no line of the audit log was edited, taken out or put in')
    .option('--heads <file>', 'output of an earlier run with --json: its heads must still be there')
    .option('--json', 'print the verdict as JSON')
    .addHelpText(
      'after',
      `
Reads the ClickHouse that TRIPKEY_CLICKHOUSE__URL names. Lines hold each other by their hashes; what the newest line
says is held by nothing yet, so keep the heads of a run where others cannot write. Exit code 1 when something is wrong.`,
    )
    .action(async (options: { heads?: string; json?: boolean }) => {
      const config = readConfig(AuditConfig, process.env);
      const known = options.heads ? readHeads(options.heads) : [];
      await using store = openStore(config.clickhouse);
      const verdict = await verifyStoredAudit(store, known);
      const whole = verdict.faults.length === 0;
      process.stdout.write(options.json ? `${JSON.stringify({ ...verdict, whole })}\n` : inWords(verdict));
      if (!whole) process.exitCode = 1;
    });
  return audit;
}

function readHeads(path: string): AuditHead[] {
  try {
    return Heads.parse(JSON.parse(readFileSync(path, 'utf8'))).heads;
  } catch (cause) {
    throw new ConfigError(`${path} is no output of tripkey audit verify --json`, { cause });
  }
}

function inWords({ chains, lines, faults, heads }: AuditVerdict): string {
  const said = [`${lines} lines in ${chains} chains`];
  for (const { chain, seq, fault, detail } of faults.slice(0, faultsShown))
    said.push(`  ${fault.replaceAll('_', ' ')}: ${chain ? `chain ${chain}, line ${seq}: ` : ''}${detail}`);
  if (faults.length > faultsShown) said.push(`  and ${faults.length - faultsShown} more`);
  for (const { chain, seq, hash } of heads) said.push(`head ${chain} ${seq} ${hash}`);
  said.push(
    faults.length === 0 ? 'The record is whole.' : `The record is NOT whole: ${faults.length} faults.`,
  );
  return `${said.join('\n')}\n`;
}
