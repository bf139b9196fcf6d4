import { defaultThreshold } from '@tripkey/stats';
import { Command } from 'commander';
import { scoreSeriesCommand } from '../score-series/score-series-command.ts';

interface Options {
  in: string;
  out: string;
  threshold?: string;
  json?: boolean;
}

/** `tripkey score-series`: the volume engine on any series. */
export function scoreSeriesCliCommand(): Command {
  return new Command('score-series')
    .description('score every row of a series (timestamp, value) by what came before it')
    .requiredOption('--in <path>', 'CSV file, or folder of them (subfolders are kept)')
    .requiredOption('--out <path>', 'file for a file, folder for a folder')
    .option('--threshold <score>', `score from which a row counts as flagged (default ${defaultThreshold})`)
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      `
Examples:
  tripkey score-series --in requests.csv --out scores.csv
  tripkey score-series --in series/ --out scores/`,
    )
    .action(async ({ threshold, ...options }: Options) => {
      process.exitCode = await scoreSeriesCommand({
        ...options,
        ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
      });
    });
}
