import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { ProfileBlock } from './profile-block.ts';
import { profilesOf, savesOfEpochMax } from './questions/profiles.ts';
import { openStore, type Store } from './store.ts';

let store: Store;
beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

test('profiles come back as they were stored, whatever is in them', async () => {
  const learned_until = Date.parse('2026-03-02T10:00:00.123Z');
  const profiles = new Map([
    ['key:plain', '{"a":1}'],
    ['key:"quoted" \\ and\nbroken', JSON.stringify({ text: '"\\\n\u0000', far: 'ключ 🔑' })],
    ['key:long', JSON.stringify({ long: 'x'.repeat(100_000) })],
    ['key:empty', ''],
  ]);
  const block = new ProfileBlock();
  for (const [subject, profile] of profiles)
    block.push({
      ...{ shard: 65_535, subject, slot: 1, learned_until, profile },
      generation: 7 * savesOfEpochMax,
    });
  for (let i = 0; i < 2; i++) await store.insertBlock('profiles_v2', block, 'profiles');
  const [subjects, epochs] = [[...profiles.keys()], [7]];
  const at = { shard: 65_535, frontier: learned_until, epochs, started_from: [0], subjects };
  const stored = await store.ask(profilesOf, at);
  expect(new Map(stored.map(({ subject, profile }) => [subject, profile]))).toEqual(profiles);
  expect(stored.map(({ slot }) => slot)).toEqual([1, 1, 1, 1]);
  expect(await store.ask(profilesOf, { ...at, frontier: learned_until - 1 })).toEqual([]);
});
