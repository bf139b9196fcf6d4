import { existsSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

/** The configuration cannot be used. The message lists every fault, one a line, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config.invalid';
}

const prefix = 'TRIPKEY_';

/**
 * Reads a service's configuration: defaults of the schema, then a YAML file (named by TRIPKEY_CONFIG), then
 * environment variables. `TRIPKEY_SLACK__TOKEN` sets `slack.token`; `TRIPKEY_SLACK__TOKEN_FILE` reads it from a
 * file. Names in the environment are upper snake case, in the YAML camel case.
 * @throws {ConfigError} with every fault at once.
 */
export function readConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const { raw, faults } = gatherConfig(env);
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      faults.push(`${issue.path.join('.') || '(top)'}: ${issue.message}`);
  }
  if (faults.length > 0 || !parsed.success) {
    throw new ConfigError(`configuration cannot be used:\n${faults.map((f) => `  - ${f}`).join('\n')}`);
  }
  return parsed.data;
}

/** What file and environment say, before anybody has checked it, and what of them could not be read. */
export function gatherConfig(env: NodeJS.ProcessEnv): { raw: Record<string, unknown>; faults: string[] } {
  const faults: string[] = [];
  const raw = { ...readYaml(env[`${prefix}CONFIG`], faults) };
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(prefix) || name === `${prefix}CONFIG` || value === undefined) continue;
    if (name.startsWith(`${prefix}TEST_`)) continue;
    applyVariable(raw, name, value, faults);
  }
  return { raw, faults };
}

/** A number that an environment variable may give as text. */
export const numeric = () => z.coerce.number();

/** Yes or no, which an environment variable gives as `true` or `false` (or 1/0, yes/no, on/off). */
export const flag = () => z.union([z.boolean(), z.stringbool()]);

/** A list that an environment variable may give as comma-separated text. */
export const textList = (item: z.ZodType<string> = z.string()) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').map((v) => v.trim()) : value),
    z.array(item),
  );

/** A part of the configuration that an environment variable, and so a file of its own, may give as YAML. */
export const yamlText = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return parse(value) as unknown;
    } catch {
      context.addIssue('cannot be read as YAML');
      return z.NEVER;
    }
  }, schema);

/**
 * Reads a file in YAML or JSON that a configuration names.
 * @throws {ConfigError} when it cannot be read
 */
export function readYamlFile(path: string): unknown {
  if (!existsSync(path)) throw new ConfigError(`there is no file ${path}`);
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readYaml(path: string | undefined, faults: string[]): Record<string, unknown> {
  if (!path) return {};
  try {
    const parsed = readYamlFile(path) ?? {};
    if (typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
    faults.push(`${path}: must be a mapping`);
  } catch (error) {
    faults.push(error instanceof ConfigError ? error.message : String(error));
  }
  return {};
}

function applyVariable(raw: Record<string, unknown>, name: string, value: string, faults: string[]): void {
  let path = name.slice(prefix.length);
  let text = value;
  if (path.endsWith('_FILE')) {
    path = path.slice(0, -'_FILE'.length);
    try {
      text = readFileSync(value, 'utf8').trim();
    } catch {
      faults.push(`${name}: its file cannot be read`);
      return;
    }
  }
  const keys = path.split('__').map(camelCase);
  let at = raw;
  for (const key of keys.slice(0, -1)) {
    const next = at[key];
    at[key] = typeof next === 'object' && next !== null ? { ...next } : {};
    at = at[key] as Record<string, unknown>;
  }
  at[keys.at(-1) ?? ''] = text;
}

function camelCase(upperSnake: string): string {
  return upperSnake.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Reads YAML that a person wrote.
 * @throws {ConfigError} when it cannot be read
 */
export function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** A value as YAML for people. */
export function toYaml(value: unknown): string {
  return stringify(value);
}
