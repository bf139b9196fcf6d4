import { generateKeyPairSync } from 'node:crypto';
import { ManualClock } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import { GithubKeys } from './github-keys.ts';

const aPair = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
const pemOf = ({ publicKey }: ReturnType<typeof aPair>) =>
  publicKey.export({ type: 'spki', format: 'pem' }) as string;
const minuteMs = 60_000;

/** A GitHub whose list of keys can be changed, and broken. */
function aGithub(published: Record<string, string>) {
  const github = { published, asked: 0, broken: false, headers: new Headers() };
  const clock = new ManualClock();
  const keys = (pinned: Record<string, string> = {}, token?: string) =>
    new GithubKeys({
      ...{ url: 'https://github.example/keys', pinned, clock },
      ...(token ? { token } : {}),
      fetch: async (_url, init) => {
        github.asked++;
        github.headers = new Headers(init?.headers);
        if (github.broken) return new Response('<html>', { status: 502 });
        const public_keys = Object.entries(github.published).map(([key_identifier, key]) => ({
          ...{ key_identifier, key, is_current: true },
        }));
        return Response.json({ public_keys });
      },
    });
  return { github, clock, keys };
}

test('a key is read once and then known', async () => {
  const pair = aPair();
  const { github, keys } = aGithub({ aa: pemOf(pair) });
  const known = keys();
  expect((await known.find('aa'))?.equals(pair.publicKey)).toBe(true);
  await known.find('aa');
  expect(github.asked).toBe(1);
});

test('a key that GitHub rotates in is found, and one that it takes away is no longer taken', async () => {
  const { github, clock, keys } = aGithub({ aa: pemOf(aPair()) });
  const known = keys();
  await known.find('aa');
  github.published = { bb: pemOf(aPair()) };
  await clock.advance(minuteMs);
  expect(await known.find('bb')).toBeDefined();
  expect(await known.find('aa')).toBeUndefined();
});

test('the list is read anew within a day although all its keys are known', async () => {
  const { github, clock, keys } = aGithub({ aa: pemOf(aPair()) });
  const known = keys();
  await known.find('aa');
  github.published = { bb: pemOf(aPair()) };
  await clock.advance(24 * 60 * minuteMs);
  expect(await known.find('aa')).toBeUndefined();
});

test('made-up key ids make GitHub be asked once a minute at most', async () => {
  const { github, clock, keys } = aGithub({ aa: pemOf(aPair()) });
  const known = keys();
  for (let i = 0; i < 50; i++) expect(await known.find(`made-up-${i}`)).toBeUndefined();
  expect(github.asked).toBe(1);
  await clock.advance(minuteMs);
  await Promise.all([known.find('one'), known.find('two'), known.find('three')]);
  expect(github.asked).toBe(2);
});

test('a GitHub that does not answer leaves the keys of before, and says so of others', async () => {
  const { github, clock, keys } = aGithub({ aa: pemOf(aPair()) });
  const known = keys();
  await known.find('aa');
  github.broken = true;
  await clock.advance(24 * 60 * minuteMs);
  expect(await known.find('aa')).toBeDefined();
  await expect(known.find('bb')).rejects.toMatchObject({ code: 'leaks.github_keys_unknown' });
});

test('keys of the configuration need no GitHub, and have to be on the right curve', async () => {
  const { github, keys } = aGithub({});
  expect(await keys({ cc: pemOf(aPair()) }).find('cc')).toBeDefined();
  expect(github.asked).toBe(0);
  expect(() => keys({ cc: pemOf(aPair('P-384')) })).toThrow('leaks.github.publicKeys.cc');
  expect(() => keys({ cc: 'no PEM' })).toThrow('leaks.github.publicKeys.cc');
});

test('a published key on another curve is not taken', async () => {
  const { keys } = aGithub({ aa: pemOf(aPair('P-384')), bb: pemOf(aPair()) });
  expect(await keys().find('aa')).toBeUndefined();
});

test('a token of GitHub goes along', async () => {
  const { github, keys } = aGithub({ aa: pemOf(aPair()) });
  await keys({}, 'made-up').find('aa');
  expect(github.headers.get('authorization')).toBe('Bearer made-up');
});
