import { randomUUID } from 'node:crypto';
import type { Backtest } from '@tripkey/contract/api';
import { systemClock } from '@tripkey/service-kit';
import { Command } from 'commander';
import { showProgress } from '../progress.ts';
import { readTime } from '../read-time.ts';
import { UsageError } from '../usage-error.ts';
import { ApiClient, apiHelp } from './api-client.ts';
import { plainText } from './text-table.ts';

const weekMs = 7 * 86_400_000;
const lookEveryMs = 1_000;

interface TryOptions {
  readonly set: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `tripkey rules`: what another parameter would have changed. */
export function rulesCommand(): Command {
  const rules = new Command('rules').description('what another parameter of a rule would have changed');
  rules
    .command('try')
    .description('judge stored history with other parameters of a rule; nothing is changed')
    .argument('<rule>', 'rule, such as volume-spike')
    .requiredOption('--set <name=value...>', 'parameters; the value is JSON, such as zMin=8')
    .option('--from <time>', 'events from here on (RFC 3339), whose first days only teach; four weeks ago')
    .option('--to <time>', 'up to here; now without it')
    .option('--json', 'print the whole backtest as JSON')
    .addHelpText(
      'after',
      `
Tells how many incidents a week there would have been, and which of those that there were would have been missed. The
backtest runs in the API's process, one at a time. Exit code 1 when it fails or is cancelled.

Example:
  tripkey rules try volume-spike --set requestsMin=500
${apiHelp}`,
    )
    .action(tryRule);
  return rules;
}

async function tryRule(rule: string, options: TryOptions): Promise<void> {
  const to = options.to ? readTime('--to', options.to) : Date.now();
  const from = options.from ? readTime('--from', options.from) : to - 4 * weekMs;
  const request = {
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    parameters: { [rule]: Object.fromEntries(options.set.map(parameter)) },
  };
  const client = new ApiClient(process.env);
  let backtest = await client.tell<Backtest>('/v1/backtests', request, randomUUID());
  const progress = showProgress('judging', 1);
  while (backtest.state === 'waiting' || backtest.state === 'running') {
    await systemClock.sleep(lookEveryMs);
    backtest = await client.ask<Backtest>(`/v1/backtests/${backtest.backtest_id}`);
    progress.update(backtest.progress);
  }
  progress.stop();
  process.stdout.write(options.json ? `${JSON.stringify(backtest)}\n` : inWords(backtest));
  if (backtest.state !== 'done') process.exitCode = 1;
}

function parameter(text: string): [string, unknown] {
  const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--set ${text}: write name=value`);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

function inWords({ state, failure, result }: Backtest): string {
  if (!result) return `${state}${failure ? `: ${plainText(failure)}` : ''}\n`;
  const lines = [
    `${result.events} requests, ${result.findings} findings, ${result.incidents} incidents: ${result.pages_per_week} a week`,
    `${result.missed_total} of those that there were would have been missed, ${result.added_total} are new`,
    ...result.missed.map(
      ({ opened_at, incident_id, title, resolution }) =>
        `  missed ${opened_at.slice(0, 16).replace('T', ' ')} ${incident_id} ${plainText(title)} (${resolution ?? 'open'})`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
