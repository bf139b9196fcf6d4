import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';

const perMinute = 10;
let under: ApiUnderTest;
beforeAll(async () => {
  under = await anApi(clickHouseConfig(), {
    settings: { requestsPerMinute: perMinute, trustedProxies: ['127.0.0.1'] },
  });
}, 60_000);
afterAll(() => under[Symbol.asyncDispose]());

let made = 0;
/** Statuses of so many calls, each with headers of its own, from one address. */
async function statuses(calls: number, from: string, headers: () => Record<string, string>) {
  const said = [];
  for (let i = 0; i < calls; i++) {
    const sent = { 'x-forwarded-for': from, ...headers() };
    said.push((await under.call('GET', '/v1/session', { token: null, headers: sent })).status);
  }
  return said;
}
const times = (count: number, status: number) => Array.from({ length: count }, () => status);

test.each([
  ['cookies', () => ({ cookie: `tripkey_session=made-up-${made++}` })],
  ['tokens', () => ({ authorization: `Bearer tripkey_made-up-${made++}` })],
  ['other cookies and no token', () => ({ cookie: `x=${made++}` })],
])('new %s with every request are still one address', async (name, headers) => {
  const from = `198.51.100.${name.length}`;
  expect(await statuses(perMinute + 2, from, headers)).toEqual([...times(perMinute, 401), 429, 429]);
});

test('who is known goes on where strangers of the same address are over their limit, up to a limit of their own', async () => {
  const from = '198.51.100.100';
  const secret = await under.token('read');
  const signedIn = await fetch(`${under.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: await under.token('read') }),
  });
  const [cookie = ''] = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]);
  await statuses(perMinute + 1, from, () => ({ cookie: `tripkey_session=made-up-${made++}` }));

  const byToken = () => ({ authorization: `Bearer ${secret}`, cookie: `x=${made++}` });
  expect(await statuses(perMinute + 1, from, byToken)).toEqual([...times(perMinute, 200), 429]);
  const byCookie = () => ({ cookie: `${cookie}; x=${made++}` });
  expect(await statuses(perMinute + 1, from, byCookie)).toEqual([...times(perMinute, 200), 429]);
  // Another address does not help: the limit is the caller's.
  expect(await statuses(1, '198.51.100.101', byToken)).toEqual([429]);
});
