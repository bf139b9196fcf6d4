import { readFileSync } from 'node:fs';
import { topics } from '@tripkey/contract';
import { replayDeadLetters } from '@tripkey/ingest';
import { jsonLogger, readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, deadLettersOf, openStore } from '@tripkey/store';
import { KafkaConnection, kafkaConnection, openKafka } from '@tripkey/stream/kafka';
import { Command } from 'commander';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';

const DlqConfig = z.object({
  clickhouse: ClickHouseConfig.prefault({}),
  kafka: KafkaConnection.prefault({}),
});

interface Choice {
  reason?: string;
  since?: string;
  limit: string;
}
type Letter = z.infer<typeof deadLettersOf.row>;

const limitMax = 100_000;
const thereAreMore = `there are more: --limit takes up to ${limitMax}`;

/** `tripkey dlq list|show|replay`: events that could not be used, and the way back for those that were repaired. */
export function dlqCommand(): Command {
  const dlq = new Command('dlq').description('events that could not be used');
  withChoice(dlq.command('list').description('list them, newest first'))
    .option('--json', 'print one JSON object a line, which can be repaired and given to replay --file')
    .action(async (options: Choice & { json?: boolean }) => {
      const { letters, more } = await readLetters(options);
      print(letters, options.json ? (letter) => JSON.stringify(letter) : summary);
      if (more) process.stderr.write(`the newest ${letters.length}; ${thereAreMore}\n`);
    });
  dlq
    .command('show')
    .description('show one, as much of it as is safe to keep')
    .argument('<place>', 'topic/partition/offset/index, as list prints it')
    .option('--json', 'print it as JSON')
    .action(async (place: string, options: { json?: boolean }) => {
      const { letters } = await readLetters({ limit: '1' }, [place]);
      if (letters.length === 0) throw new UsageError(`there is no dead letter ${place}`);
      print(letters, options.json ? (letter) => JSON.stringify(letter) : whole);
    });
  withChoice(
    dlq.command('replay').description('send them to the topic of events again, once the cause is gone'),
  )
    .argument('[places...]', 'only these; without any, all that the options choose')
    .option('--file <path>', 'take letters from this file, one JSON object a line as list --json prints them')
    .option('--dry-run', 'say what would be sent')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      '\nAn event counts once, however often it is replayed. Exit code 1 when some were unusable, or --limit left some out.',
    )
    .action(replay);
  return dlq;
}

async function replay(
  places: string[],
  options: Choice & { file?: string; dryRun?: boolean; json?: boolean },
): Promise<void> {
  const { letters, more } = options.file
    ? { letters: lettersIn(options.file), more: false }
    : await readLetters(options, places);
  const missing = places.filter((wanted) => !letters.some(({ place }) => place === wanted));
  if (missing.length > 0) throw new UsageError(`there is no dead letter ${missing.join(', ')}`);
  const chosen = places.length === 0 ? letters : letters.filter(({ place }) => places.includes(place));
  await using broker = options.dryRun ? null : await openBroker();
  const sink = broker ? broker.sink(topics.requests) : { send: async () => {} };
  const { sent, unusable } = await replayDeadLetters(chosen, sink);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ sent, unusable, more, dry_run: options.dryRun === true })}\n`);
  } else {
    const lines = [`${sent} ${options.dryRun ? 'would be sent' : 'sent'}`];
    for (const place of unusable) lines.push(`${place}: nothing of it can be sent`);
    if (more) lines.push(`only the newest ${letters.length} were looked at; ${thereAreMore}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (unusable.length > 0 || more) process.exitCode = 1;
}

async function openBroker() {
  const { kafka } = readConfig(DlqConfig, process.env);
  const log = jsonLogger({ service: 'tripkey', level: 'warn' });
  return await openKafka({ ...kafkaConnection(kafka), clientId: 'tripkey-dlq', log });
}

function withChoice(command: Command): Command {
  return command
    .option('--reason <reason>', 'only those rejected for this reason')
    .option('--since <time>', 'only those rejected since, RFC 3339')
    .option('--limit <count>', `at most so many, up to ${limitMax}`, '100');
}

/** The letters that are chosen, as many as the limit allows, and whether it left some out. */
async function readLetters(
  { reason = '', since, limit }: Choice,
  places: string[] = [],
): Promise<{ letters: Letter[]; more: boolean }> {
  const sinceMs = since === undefined ? 0 : Date.parse(since);
  if (Number.isNaN(sinceMs)) throw new UsageError('--since: a time such as 2026-03-02T10:00:00Z');
  const rows = Number(limit);
  if (!Number.isInteger(rows) || rows < 1 || rows > limitMax) {
    throw new UsageError(`--limit: a whole number from 1 to ${limitMax}`);
  }
  const { clickhouse } = readConfig(DlqConfig, process.env);
  await using store = openStore(clickhouse);
  const most = Math.max(rows, places.length);
  const letters = await store.ask(deadLettersOf, { since: sinceMs, reason, places, rows: most + 1 });
  return { letters: letters.slice(0, most), more: letters.length > most };
}

const KeptLetter = z.object({ place: z.string(), original: z.string() });

function lettersIn(path: string): z.infer<typeof KeptLetter>[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [KeptLetter.parse(JSON.parse(line))];
    } catch {
      throw new UsageError(`${path}, line ${i + 1}: no dead letter with place and original`);
    }
  });
}

function print<L>(letters: readonly L[], form: (letter: L) => string): void {
  for (const letter of letters) process.stdout.write(`${form(letter)}\n`);
}

function summary({ at, place, reason, detail }: Letter): string {
  return `${at}  ${place}  ${reason}${detail && `  ${plain(detail)}`}`;
}

function whole(letter: Letter): string {
  return `${summary(letter)}\n${plain(letter.original)}`;
}

/** What others sent must not move the cursor or colour the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}
