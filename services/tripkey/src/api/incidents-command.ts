import { randomUUID } from 'node:crypto';
import type { CommandResult, IncidentDetail, IncidentSummary, TimelineEntry } from '@tripkey/contract/api';
import { Command } from 'commander';
import { UsageError } from '../usage-error.ts';
import { ApiClient, apiHelp } from './api-client.ts';
import { plainText, textTable } from './text-table.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
  readonly total: number | null;
}

interface ListOptions {
  state?: string;
  severity?: string;
  key?: string;
  rule?: string;
  search?: string;
  limit: string;
  json?: boolean;
}

/** `tripkey incidents`: what was found, why, and what to do about it. */
export function incidentsCommand(): Command {
  const incidents = new Command('incidents').description('what was found, why, and what to do about it');
  incidents
    .command('list')
    .description('list incidents, newest first')
    .option('--state <states>', 'open, acknowledged, snoozed or resolved; several with commas')
    .option('--severity <severities>', 'info, low, medium, high or critical; several with commas')
    .option('--key <id>', 'of this key')
    .option('--rule <id>', 'that this rule is part of')
    .option('--search <text>', 'with this in id, title, key, name, owner, account or application')
    .option('--limit <count>', 'at most so many, up to 500', '50')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  tripkey incidents list --state open,acknowledged --severity high,critical
  tripkey incidents list --key key_1 --json | jq .title
${apiHelp}`,
    )
    .action(async (options: ListOptions) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > 500)
        throw new UsageError('--limit: a whole number from 1 to 500');
      const page = await new ApiClient(process.env).ask<Page<IncidentSummary>>('/v1/incidents', {
        ...{ state: options.state, severity: options.severity, key_id: options.key },
        ...{ rule_id: options.rule, q: options.search, limit: String(limit) },
      });
      if (options.json) {
        for (const one of page.items) process.stdout.write(`${JSON.stringify(one)}\n`);
        return;
      }
      process.stdout.write(
        textTable(
          ['incident', 'severity', 'state', 'opened', 'who', 'what'],
          page.items.map((one) => [
            ...[one.incident_id, one.severity, one.state, one.opened_at.slice(0, 16).replace('T', ' ')],
            ...[one.key_id ?? one.subject.id, one.title],
          ]),
        ),
      );
      if (page.next_cursor)
        process.stderr.write(`${page.items.length} of ${page.total ?? 'more'}; see --limit\n`);
    });
  incidents
    .command('show')
    .description('show one incident: what happened, why, what was done')
    .argument('<id>', 'incident')
    .option('--json', 'print it as JSON')
    .addHelpText('after', apiHelp)
    .action(async (id: string, { json }: { json?: boolean }) => {
      const client = new ApiClient(process.env);
      const path = `/v1/incidents/${encodeURIComponent(id)}`;
      const one = await client.ask<IncidentDetail>(path);
      if (json) return void process.stdout.write(`${JSON.stringify(one)}\n`);
      const story = await client.ask<Page<TimelineEntry>>(`${path}/timeline`, { limit: String(toldMax) });
      process.stdout.write(inWords(one, story));
    });
  command(incidents, 'acknowledge', 'say that you look at it', () => ({}));
  command(incidents, 'snooze', 'say that somebody looks at it later', ({ minutes }) => ({
    minutes: Number(minutes),
  })).requiredOption('--minutes <count>', 'for so long, at most 10080');
  command(incidents, 'resolve', 'say that it is over', ({ reason, note = '' }) => ({ reason, note }))
    .requiredOption('--reason <reason>', 'false_positive, remediated, true_positive_malicious, … or other')
    .option('--note <text>', 'what you found');
  command(incidents, 'reopen', 'say that it is not over', onlyReason).requiredOption(
    '--reason <text>',
    'why',
  );
  command(incidents, 'stop', 'disable the key at its issuer', onlyReason).requiredOption(
    '--reason <text>',
    'why',
  );
  for (const [name, what] of operations) {
    command(incidents, name, what, name === 'undo' ? onlyReason : () => ({}), true)
      .requiredOption('--operation <id>', 'as show prints it')
      .option('--reason <text>', 'why; needed to undo');
  }
  return incidents;
}

const operations = [
  ['approve', 'agree to what was proposed'],
  ['cancel', 'call off what has not begun'],
  ['undo', 'take a stop back: enable the key again'],
] as const;
type Given = Readonly<Record<string, string | undefined>>;
const onlyReason = ({ reason }: Given) => ({ reason });

/** Adds a command that asks for something, and says what became of it. */
function command(
  to: Command,
  name: string,
  what: string,
  bodyOf: (options: Given) => unknown,
  isOperation = false,
): Command {
  return to
    .command(name)
    .description(what)
    .argument('<id>', 'incident')
    .option('--json', 'print what became of it as JSON')
    .addHelpText('after', apiHelp)
    .action(async (id: string, options: Given & { json?: boolean }) => {
      const incident = `/v1/incidents/${encodeURIComponent(id)}`;
      const operation = isOperation ? `/operations/${encodeURIComponent(options.operation ?? '')}` : '';
      const client = new ApiClient(process.env);
      const result = await client.tell<CommandResult>(
        `${incident}${operation}/${name}`,
        bodyOf(options),
        randomUUID(),
      );
      const words = {
        done: 'done',
        refused: `not done: ${plainText(result.told ?? 'no reason was given')}`,
        waiting: 'taken; the alerter has not answered yet',
      };
      process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${words[result.state]}\n`);
      if (result.state === 'refused') process.exitCode = 1;
    });
}

/** What happened, at most so much of it: the newest. */
const toldMax = 50;

function inWords(one: IncidentDetail, story: Page<TimelineEntry>): string {
  const lines = [
    `${one.incident_id}  ${one.severity}, ${one.state}`,
    one.sentence,
    one.response,
    '',
    'why',
    ...one.why.map((rule) => `  ${Math.round(rule.contribution * 100)} %  ${rule.title}: ${rule.detail}`),
    '',
    'what happened',
    ...(story.next_cursor === null
      ? []
      : [`  (only the newest ${story.items.length}; the console shows all)`]),
    ...story.items.toReversed().map(({ at, text }) => `  ${at.slice(0, 19).replace('T', ' ')}  ${text}`),
    ...one.operations.map(
      (operation) => `  operation ${operation.operation_id}: ${operation.action}, ${operation.state}`,
    ),
  ];
  return `${lines.map(plainText).join('\n')}\n`;
}
