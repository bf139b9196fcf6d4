import { Command, InvalidArgumentError } from 'commander';
import { showProgress } from '../progress.ts';
import { type AttackKind, attackKinds, writeSimulation } from '../simulate/index.ts';

interface Options {
  out: string;
  seed: number;
  start: string;
  days: number;
  keys: number;
  eventsPerKeyDay: number;
  attacks: string;
  attackFromDay?: number;
  disturbances: boolean;
  json?: boolean;
}

/** `tripkey simulate`: traffic of a lead-driven business, with labelled attacks. */
export function simulateCliCommand(): Command {
  return new Command('simulate')
    .description('write simulated traffic with labelled attacks: events.ndjson.zst, keys.ndjson, labels.json')
    .requiredOption('--out <folder>', 'where the files go')
    .option('--seed <n>', 'equal seeds give equal files', number, 1)
    .option('--start <time>', 'first moment, RFC 3339', '2026-03-02T00:00:00.000Z')
    .option('--days <n>', 'length, days', number, 21)
    .option('--keys <n>', 'number of keys', number, 120)
    .option('--events-per-key-day <n>', 'mean requests of a key and day', number, 400)
    .option('--attacks <kinds>', `default, none, or a list of: ${attackKinds.join(', ')}`, 'default')
    .option('--attack-from-day <n>', 'no attack before this day', number)
    .option('--no-disturbances', 'leave out releases, outages, moves and other harmless oddities')
    .option('--json', 'print a summary as JSON')
    .action(async ({ out, json, attacks, ...options }: Options) => {
      const progress = showProgress('simulating', 100);
      const written = await writeSimulation(
        {
          ...options,
          attacks:
            attacks === 'default' || attacks === 'none' ? attacks : (attacks.split(',') as AttackKind[]),
        },
        out,
        ({ events, share }) =>
          progress.update(Math.round(share * 100), `${events.toLocaleString('en')} events`),
      );
      progress.stop();
      const summary = {
        events: written.events,
        keys: options.keys,
        incidents: written.labels.incidents.length,
        folder: out,
      };
      if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else
        process.stdout.write(
          `${summary.events.toLocaleString('en')} events, ${summary.incidents} incidents in ${out}\n`,
        );
    });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a number');
}
