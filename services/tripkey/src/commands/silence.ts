import { randomBytes } from 'node:crypto';
import { AuditTrail, onStore, Silence, type SilenceBook } from '@tripkey/alerter';
import { readConfig, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { readDuration } from '../read-duration.ts';
import { UsageError } from '../usage-error.ts';

const SilenceConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });
const longestMs = 30 * 86_400_000;

interface AddOptions {
  key?: string;
  account?: string;
  rule?: string;
  for: string;
  by: string;
  reason: string;
}

/** `tripkey silence`: what people do not want to be told of for a while. */
export function silenceCommand(): Command {
  const silence = new Command('silence').description('hide messages for a while; evidence is kept');
  silence
    .command('add')
    .description('hide incidents of a key, an account or a rule')
    .option('--key <id>', 'key')
    .option('--account <id>', 'account')
    .option('--rule <id>', 'detection rule; an incident that another rule speaks for is told')
    .requiredOption('--for <time>', 'how long, such as 90m, 8h or 2d; at most 30d')
    .requiredOption('--by <name>', 'who wants it')
    .requiredOption('--reason <text>', 'why')
    .action(async (options: AddOptions) => {
      const now = Date.now();
      const parsed = Silence.safeParse({
        silence_id: `sil_${randomBytes(8).toString('hex')}`,
        ...{ created_at: now, until: now + readDuration('--for', options.for, longestMs) },
        ...{ by: options.by, reason: options.reason },
        ...{ key_id: options.key, account_id: options.account, rule_id: options.rule },
      });
      if (!parsed.success) throw new UsageError(parsed.error.issues.map(({ message }) => message).join('; '));
      await onSilences(async (book, audit) => {
        await put(book, audit, 'silence_added', options.by, parsed.data);
        process.stdout.write(
          `${parsed.data.silence_id} until ${new Date(parsed.data.until).toISOString()}\n`,
        );
      });
    });
  silence
    .command('list')
    .description('show silences that have not ended, and how many incidents they hid')
    .option('--json', 'print them as JSON, one a line')
    .action(async ({ json }: { json?: boolean }) => {
      await onSilences(async (book) => {
        const lines = (await book.since(Date.now())).map((one) =>
          json
            ? JSON.stringify(one)
            : `${one.silence_id} until ${new Date(one.until).toISOString()} by ${one.by}: ` +
              `${[one.key_id, one.account_id, one.rule_id].filter(Boolean).join(', ')} (${one.reason}), hid ${one.hid}`,
        );
        process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      });
    });
  silence
    .command('end')
    .description('end a silence now')
    .argument('<id>', 'silence')
    .requiredOption('--by <name>', 'who wants it')
    .action(async (id: string, { by }: { by: string }) => {
      await onSilences(async (book, audit) => {
        const now = Date.now();
        const found = (await book.since(now)).find(({ silence_id }) => silence_id === id);
        if (!found) throw new UsageError(`there is no silence ${id} that has not ended`);
        const { hid: _hid, ...ended } = { ...found, until: now };
        await put(book, audit, 'silence_ended', by, ended);
      });
    });
  return silence;
}

async function onSilences(work: (book: SilenceBook, audit: AuditTrail) => Promise<void>): Promise<void> {
  const config = readConfig(SilenceConfig, process.env);
  await using store = openStore(config.clickhouse);
  const { silences, auditLog } = onStore(store);
  await work(silences, new AuditTrail({ log: auditLog, clock: systemClock }));
}

/** On record first: what hides messages is never without it. */
async function put(
  book: SilenceBook,
  audit: AuditTrail,
  kind: string,
  by: string,
  silence: Silence,
): Promise<void> {
  const at = Date.now();
  audit.add([
    { at, kind, actor: `cli:${by}`, incident_id: '', incident_seq: 0, data: JSON.stringify(silence) },
  ]);
  await audit.flush();
  await book.put(silence, at);
}
