import { migrate, openStore } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { dlqCommand } from './dlq.ts';

const said: string[] = [];

const config = clickHouseConfig();

beforeAll(async () => {
  await migrate(config);
  await using store = openStore(config);
  const letters = [1, 2, 3].map((offset) => ({
    ...{
      at: `2026-03-02T10:00:0${offset}.000Z`,
      reason: 'invalid_field',
      detail: '',
      original: '{"key_id":"key_1"}',
    },
    ...{ _topic: 'events', _partition: 0, _offset: String(offset), _idx: 0 },
  }));
  await store.insert('dead_letters_v1', letters, 'letters');
});
beforeEach(() => {
  for (const [name, value] of Object.entries(config))
    vi.stubEnv(`TRIPKEY_CLICKHOUSE__${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`, String(value));
  said.length = 0;
  const say = (text: unknown) => said.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(say);
  vi.spyOn(process.stderr, 'write').mockImplementation(say);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

const dlq = (...args: string[]) => dlqCommand().parseAsync(args, { from: 'user' });

test('letters that the limit leaves out are told of, and a replay without them has not done all', async () => {
  await dlq('list', '--limit', '2');
  expect(said.join('')).toContain('the newest 2; there are more');
  await dlq('replay', '--limit', '2', '--dry-run');
  expect(said.join('')).toContain('2 would be sent\nonly the newest 2 were looked at; there are more');
  expect(process.exitCode).toBe(1);
});

test('a replay of all of them is done', async () => {
  await dlq('replay', '--limit', '3', '--dry-run', '--json');
  expect(JSON.parse(said.join(''))).toEqual({ sent: 3, unusable: [], more: false, dry_run: true });
  expect(process.exitCode).toBeUndefined();
});

test('a letter that is named and not there is no success', async () => {
  await expect(dlq('replay', 'events/0/9/0', '--dry-run')).rejects.toThrow(UsageError);
});
