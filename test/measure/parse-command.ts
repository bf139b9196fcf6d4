import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { Measurement } from './measurement.ts';

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Command {
  readonly measurement: Measurement;
  readonly options: Record<string, unknown>;
  readonly seed: number;
  readonly json: boolean;
}

const Seed = z.coerce.number().int().min(0).max(0xffff_ffff).default(1);

/**
 * Reads `[NAME] [--seed N] [--json] [--flag VALUE]...`. The name may be left out where there is but one measurement.
 *
 * `npm run bench store --json` gives the flag to npm and not to us, as npm wants `--` before it; npm leaves what it
 * took in the environment (npm_config_json), and it is honoured from there.
 * @returns the command, or `help` when that was asked for.
 * @throws {UsageError} with every fault.
 */
export function parseCommand(
  measurements: readonly Measurement[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Command | 'help' {
  if (args.includes('--help') || args.includes('-h')) return 'help';
  const [first = ''] = args;
  const named = first !== '' && !first.startsWith('-');
  const measurement = named
    ? measurements.find(({ name }) => name === first)
    : measurements.length === 1
      ? measurements[0]
      : undefined;
  if (!measurement) throw new UsageError(named ? `there is no "${first}"` : 'say which');

  const shape = measurement.options.shape as Record<string, z.ZodType>;
  const flags = new Map(Object.keys(shape).map((key) => [flagOf(key), key]));
  const values = {
    ...fromNpm([...flags.keys(), 'seed', 'json'], env),
    ...readFlags(args, named, flags, shape),
  };
  const given = Object.fromEntries(
    [...flags].flatMap(([flag, key]) => (flag in values ? [[key, values[flag]]] : [])),
  );
  const parsed = z.strictObject({ seed: Seed, options: measurement.options }).safeParse({
    seed: values.seed,
    options: given,
  });
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `--${flagOf(String(path.at(-1)))}: ${message}`,
    );
    throw new UsageError(faults.join('\n'));
  }
  return { measurement, ...parsed.data, json: isSet(values.json) };
}

/** What `--help` prints. */
export function usage(kind: string, measurements: readonly Measurement[]): string {
  const lines = [`npm run ${kind} NAME -- [--seed N] [--json] [flags]`, ''];
  for (const { name, summary, options } of measurements) {
    lines.push(`  ${name.padEnd(14)}${summary}`);
    for (const [key, option] of Object.entries(z.toJSONSchema(options, { io: 'input' }).properties ?? {})) {
      if (typeof option === 'boolean') continue;
      lines.push(`      --${flagOf(key).padEnd(18)}${option.description ?? ''} (${String(option.default)})`);
    }
  }
  if (measurements.length === 0) lines.push(`  There is nothing to run under "${kind}" yet.`);
  lines.push('', 'With --json the last line of standard output is one JSON object with the figures.');
  lines.push('Exit code 0: all that was checked held. 1: it did not. 2: called wrongly.');
  return `${lines.join('\n')}\n`;
}

function readFlags(
  args: readonly string[],
  named: boolean,
  flags: ReadonlyMap<string, string>,
  shape: Record<string, z.ZodType>,
): Record<string, unknown> {
  const known = [...flags].map(([flag, key]) => [
    flag,
    { type: isBoolean(shape[key]!) ? 'boolean' : 'string' },
  ]);
  try {
    return parseArgs({
      args: args.slice(named ? 1 : 0),
      options: { ...Object.fromEntries(known), seed: { type: 'string' }, json: { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function fromNpm(flags: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  if (env.npm_lifecycle_event === undefined) return {};
  return Object.fromEntries(
    flags.flatMap((flag) => {
      const value = env[`npm_config_${flag.replaceAll('-', '_')}`];
      return value === undefined || value === '' ? [] : [[flag, value]];
    }),
  );
}

function isBoolean(option: z.ZodType): boolean {
  return z.toJSONSchema(option, { io: 'input' }).type === 'boolean';
}

function isSet(value: unknown): boolean {
  return value === true || value === 'true';
}

function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
