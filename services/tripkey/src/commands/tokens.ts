import { AuditTrail, onStore } from '@tripkey/alerter';
import { AccessRecord, makeLink, toToken } from '@tripkey/api';
import { type Scope, scopes } from '@tripkey/contract/api';
import { jsonLogger, readConfig, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore, TokenBook } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { textTable } from '../api/text-table.ts';
import { UsageError } from '../usage-error.ts';

const TokensConfig = z.object({
  clickhouse: ClickHouseConfig.prefault({}),
  api: z.looseObject({ publicUrl: z.url().default('http://127.0.0.1:8080') }).prefault({}),
});
const dayMs = 86_400_000;
const by = { id: 'cli', name: 'cli' };
const storeHelp = `
Works on the ClickHouse that TRIPKEY_CLICKHOUSE__URL names, so it also works when nobody can sign in. What is done is on
record (tripkey audit).`;

/** `tripkey tokens`: who may use the API. */
export function tokensCommand(): Command {
  const tokens = new Command('tokens').description('tokens of the API, and links to sign in');
  tokens
    .command('create')
    .description('make a token; its secret is printed once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <scopes>', `of ${scopes.join(', ')}; several with commas`)
    .option('--days <count>', 'it ends after so many days; 0: never', '90')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `\nExample:\n  tripkey tokens create --name grafana --scopes read --days 365\n${storeHelp}`,
    )
    .action(async (options: { name: string; scopes: string; days: string; json?: boolean }) => {
      const wanted = options.scopes.split(',').map((scope) => scope.trim());
      if (!wanted.every((scope): scope is Scope => (scopes as readonly string[]).includes(scope)))
        throw new UsageError(`--scopes: of ${scopes.join(', ')}`);
      const days = wholeNumber('--days', options.days, 3_650);
      await onTokens(async (book, record) => {
        const expiresAt = days === 0 ? null : Date.now() + days * dayMs;
        await record.write('token_created', by, { token: options.name, scopes: wanted });
        const { token, secret } = await book.create({
          name: options.name,
          scopes: wanted,
          by: by.id,
          expiresAt,
        });
        print(options.json, { token: toToken(token, Date.now()), secret }, secret);
      });
    });
  tokens
    .command('list')
    .description('show tokens, newest first')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', storeHelp)
    .action(async ({ json }: { json?: boolean }) => {
      await onTokens(async (book) => {
        const all = (await book.all())
          .filter(({ kind }) => kind === 'token')
          .map((one) => toToken(one, Date.now()));
        if (json) for (const one of all) process.stdout.write(`${JSON.stringify(one)}\n`);
        else
          process.stdout.write(
            textTable(
              ['token', 'state', 'scopes', 'expires', 'last used', 'name'],
              all.map((one) => [
                ...[one.token_id, one.state, one.scopes.join(','), one.expires_at?.slice(0, 10) ?? 'never'],
                ...[one.last_used_at?.slice(0, 16).replace('T', ' ') ?? 'never', one.name],
              ]),
            ),
          );
      });
    });
  tokens
    .command('rotate')
    .description('give a token a new secret; the one before works on for a while')
    .argument('<id>', 'token')
    .option('--overlap <minutes>', 'how long the secret before still works', '1440')
    .option('--json', 'print it as JSON')
    .addHelpText('after', storeHelp)
    .action(async (id: string, options: { overlap: string; json?: boolean }) => {
      const minutes = wholeNumber('--overlap', options.overlap, 43_200);
      await onTokens(async (book, record) => {
        await record.write('token_rotated', by, { token_id: id, overlap_minutes: minutes });
        const rotated = await book.rotate(id, Date.now() + minutes * 60_000);
        if (!rotated) throw new UsageError(`there is no token ${id} that works`);
        const { token, secret } = rotated;
        print(options.json, { token: toToken(token, Date.now()), secret }, secret);
      });
    });
  tokens
    .command('revoke')
    .description('end a token now')
    .argument('<id>', 'token')
    .option('--json', 'print it as JSON')
    .addHelpText('after', storeHelp)
    .action(async (id: string, { json }: { json?: boolean }) => {
      await onTokens(async (book, record) => {
        await record.write('token_revoked', by, { token_id: id });
        const token = await book.revoke(id);
        if (!token) throw new UsageError(`there is no token ${id}`);
        print(json, { token: toToken(token, Date.now()) }, `${id} is revoked`);
      });
    });
  tokens
    .command('link')
    .description('print a link that signs an admin in to the console, once, within an hour')
    .option('--json', 'print it as JSON')
    .addHelpText('after', storeHelp)
    .action(async ({ json }: { json?: boolean }) => {
      await onTokens(async (book, record, publicUrl) => {
        await record.write('link_created', by, {});
        const link = await makeLink(book, publicUrl, by.id, systemClock);
        print(json, { link }, link);
      });
    });
  return tokens;
}

async function onTokens(
  work: (book: TokenBook, record: AccessRecord, publicUrl: string) => Promise<void>,
): Promise<void> {
  const { clickhouse, api } = readConfig(TokensConfig, process.env);
  await using store = openStore(clickhouse);
  const log = jsonLogger({ service: 'tripkey', level: 'warn' });
  const record = new AccessRecord(
    new AuditTrail({ log: onStore(store).auditLog, clock: systemClock }),
    systemClock,
  );
  await work(new TokenBook({ store, clock: systemClock, log }), record, api.publicUrl);
}

function print(json: boolean | undefined, answer: object, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(answer) : text}\n`);
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most)
    throw new UsageError(`${option}: a whole number from 0 to ${most}`);
  return number;
}
