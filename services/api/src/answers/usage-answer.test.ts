import { Engine } from '@tripkey/detector';
import { silentLogger } from '@tripkey/service-kit/testing';
import type { Store } from '@tripkey/store';
import { expect, test } from 'vitest';
import { readUsage } from './usage-answer.ts';

const hourMs = 3_600_000;
const monday = Date.UTC(2026, 2, 2);
const key = { keyId: 'key_1', accountId: 'acct_1', appId: 'app_1' };
const traffic = {
  ...{ requests: 1, accepted: 1, denied: 0, notFound: 0, rateLimited: 0, serverErrors: 0 },
  ...{ bytesOut: 0, objects: 0 },
};

/** What is learnt of a key that is used sixty times an hour. */
function profile(days: number): string {
  const engine = new Engine({ keys: new Map() });
  for (let at = monday; at < monday + days * 24 * hourMs; at += 60_000) {
    const use = {
      ...key,
      minute: at,
      method: 'GET',
      route: '/v1/leads',
      ip: '192.0.2.1',
      network: '192.0.2.0/24',
    };
    const row = {
      ...use,
      asn: 1,
      country: 'DE',
      agent: 'sync',
      traffic,
    };
    engine.take({ from: at, to: at + 60_000, activity: [row] });
  }
  return JSON.stringify([...engine.takeDirty()][0]);
}

test('a chart begins with a whole step, and expects of the last one what the time that has passed should bring', async () => {
  const asked: { from: number }[] = [];
  const known = profile(10);
  const store = {
    ask: async ({ name }: { name: string }, params: { from: number }) => {
      if (name === 'usage-of-keys') asked.push(params);
      return name === 'profile-of' ? [{ profile: known }] : [];
    },
  } as unknown as Store;
  const now = monday + 10 * 24 * hourMs + hourMs;
  const span = { from: now - 8 * hourMs, to: now, step: 4 * 3600 };
  const { from, points, band } = await readUsage(
    { store, log: silentLogger },
    { kind: 'key', id: 'key_1' },
    { subject: 'key', ids: ['key_1'] },
    span,
  );
  expect(asked.map((params) => params.from)).toEqual([monday + 10 * 24 * hourMs - 8 * hourMs]);
  expect(from).toBe(points[0]!.at);
  const expected = band.map((one) => one.expected);
  expect(expected).toHaveLength(3);
  expect(expected[0]! / 240).toBeCloseTo(1, 0);
  expect(expected[2]! / 60).toBeCloseTo(1, 0);
});
