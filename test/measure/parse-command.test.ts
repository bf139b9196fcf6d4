import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineMeasurement } from './measurement.ts';
import { parseCommand, UsageError, usage } from './parse-command.ts';

const kills = defineMeasurement({
  name: 'ingest',
  summary: 'kills ingest at random',
  options: z.object({
    killsMax: z.coerce.number().int().positive().default(100).describe('how often'),
    hard: z.boolean().default(false).describe('without warning'),
  }),
  run: async () => ({ figures: {}, held: true }),
});
const other = defineMeasurement({ ...kills, name: 'alerter' });
const parse = (line: string, env: NodeJS.ProcessEnv = {}, measurements = [kills, other]) =>
  parseCommand(measurements, line.split(' ').filter(Boolean), env);

test('flags are read, checked and completed by their defaults', () => {
  expect(parse('ingest --kills-max 5 --seed 7 --json')).toMatchObject({
    measurement: { name: 'ingest' },
    options: { killsMax: 5, hard: false },
    seed: 7,
    json: true,
  });
  expect(parse('ingest --hard')).toMatchObject({
    options: { killsMax: 100, hard: true },
    seed: 1,
    json: false,
  });
});

test('flags that npm took for its own are honoured', () => {
  const npm = { npm_lifecycle_event: 'chaos', npm_config_json: 'true', npm_config_kills_max: '5' };
  expect(parse('ingest', npm)).toMatchObject({ json: true, options: { killsMax: 5 } });
  expect(parse('ingest --kills-max 6', npm)).toMatchObject({ options: { killsMax: 6 } });
  expect(parse('ingest', { npm_config_json: 'true' })).toMatchObject({ json: false });
});

test('the name may be left out only where there is but one', () => {
  expect(parse('--seed 3', {}, [kills])).toMatchObject({ measurement: { name: 'ingest' }, seed: 3 });
  expect(() => parse('--seed 3')).toThrow('say which');
});

describe('a wrong call is refused with the reason', () => {
  test.each([
    ['nothing', 'there is no "nothing"'],
    ['ingest --kills-max none', '--kills-max'],
    ['ingest --kills-max 0 --seed -1', '--seed'],
    ['ingest --nope', '--nope'],
    ['ingest surplus', 'surplus'],
  ])('%s', (line, reason) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(reason);
  });
});

test('help names every measurement with its flags and their defaults', () => {
  expect(parse('--help')).toBe('help');
  expect(usage('chaos', [kills])).toMatch(/ingest +kills ingest at random\n +--kills-max +how often \(100\)/);
});
