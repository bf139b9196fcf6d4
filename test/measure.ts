import { stopSignal } from '@tripkey/service-kit';
import { bench } from './bench/index.ts';
import { chaos } from './chaos/index.ts';
import type { Measurement } from './measure/measurement.ts';
import { parseCommand, UsageError, usage } from './measure/parse-command.ts';
import { soak } from './soak/index.ts';

// npm run bench NAME, npm run chaos NAME, npm run soak: one way to call, to repeat and to read every measurement.
const kinds: Record<string, readonly Measurement[]> = { bench, chaos, soak };

process.exitCode = await measure(process.argv.slice(2));

/** @returns the exit code: 0 held, 1 did not hold or failed, 2 called wrongly. */
async function measure([kind = '', ...args]: string[]): Promise<number> {
  const measurements = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!measurements) return fail(2, `measure: say one of ${Object.keys(kinds).join(', ')}`);
  try {
    const command = parseCommand(measurements, args, process.env);
    if (command === 'help') {
      process.stdout.write(usage(kind, measurements));
      return 0;
    }
    const { measurement, options, seed, json } = command;
    const log = (line: string) => void process.stderr.write(`${kind} ${measurement.name}: ${line}\n`);
    log(`seed ${seed}`);
    const { figures, held } = await measurement.run({ options, seed, log, signal: stopSignal() });
    process.stdout.write(json ? `${JSON.stringify({ ...figures, seed, held })}\n` : table(figures, held));
    return held ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) return fail(2, `${error.message}\n\n${usage(kind, measurements)}`);
    return fail(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function table(figures: Readonly<Record<string, unknown>>, held: boolean): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}  ${String(value)}`);
  return `${lines.join('\n')}\n${held ? 'held' : 'DID NOT HOLD'}\n`;
}

function fail(code: number, message: string): number {
  process.stderr.write(`${message}\n`);
  return code;
}
