import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type BacktestResult, runBacktest } from '../backtest/run-backtest.ts';
import { showBacktestProgress } from '../backtest/show-backtest-progress.ts';
import { readKeys } from '../read-keys.ts';
import { readLines } from '../read-lines.ts';

interface Options {
  events: string;
  keys?: string;
  out?: string;
  tickSeconds: number;
  json?: boolean;
}

/** `tripkey backtest`: what Tripkey would have told people, over recorded history. */
export function backtestCommand(): Command {
  return new Command('backtest')
    .description('run recorded events through detection and write one line per incident')
    .requiredOption('--events <file>', 'RequestEvents, a line each; .gz, .zst or - for standard input')
    .option('--keys <file>', 'KeyRecords, a line each')
    .option('--out <file>', 'where the alerts go; standard output without it')
    .option('--tick-seconds <n>', 'length of a tick, 1 to 60', tickSeconds, 15)
    .option('--json', 'print a summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  tripkey backtest --events events.ndjson.zst --keys keys.ndjson --out alerts.ndjson
  zcat events.ndjson.gz | tripkey backtest --events - --out alerts.ndjson`,
    )
    .action(async (options: Options) => {
      const source = readLines(options.events);
      const keys = options.keys ? await readKeys(options.keys, 'taken') : [];
      const startedAt = performance.now();
      const progress = showBacktestProgress(source);
      const result = await runBacktest({
        events: source.lines,
        keys,
        tickMs: options.tickSeconds * 1_000,
        ...progress,
      });
      progress.stop();
      const seconds = (performance.now() - startedAt) / 1_000;
      const lines = result.alerts.map((alert) => `${JSON.stringify(alert)}\n`).join('');
      if (options.out) writeFileSync(options.out, lines);
      else process.stdout.write(lines);
      // Without a file the alerts have standard output to themselves.
      tell(result, seconds, options.json === true && options.out !== undefined);
    });
}

function tell(result: BacktestResult, seconds: number, json: boolean): void {
  const summary = {
    events: result.events,
    rejected: result.rejected,
    keys: result.keys,
    findings: result.findings,
    incidents: result.alerts.length,
    seconds: Math.round(seconds * 10) / 10,
    events_per_s: Math.round(result.events / seconds),
  };
  if (json) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  process.stderr.write(
    `${summary.events.toLocaleString('en')} events of ${summary.keys} keys: ${summary.incidents} incidents from ` +
      `${summary.findings} findings, ${summary.rejected} events rejected, ${summary.seconds} s ` +
      `(${summary.events_per_s.toLocaleString('en')} events/s)\n`,
  );
  for (const [what, times] of result.cannotTell)
    process.stderr.write(`  could not tell ${times} times: ${what}\n`);
}

/** Length of a tick in seconds, as it was given. */
export function tickSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 60) return seconds;
  throw new InvalidArgumentError('a whole number from 1 to 60');
}
