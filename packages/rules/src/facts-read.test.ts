import { expect, test } from 'vitest';
import { factsRead } from './facts-read.ts';
import { keyRules, sourceRules } from './index.ts';
import { aKeySeen, amount, aNewAgent, aNewEndpoint, aNewNetwork, aSourceSeen } from './testing/index.ts';

test('only what was looked at is kept, at any depth', () => {
  const facts = { a: { b: 1, c: 2 }, list: [{ x: 1 }], none: null, other: 5 };
  expect(factsRead(facts, ({ a, list, none }) => [a.b, list[0]?.x, none])).toEqual({
    a: { b: 1 },
    list: [{ x: 1 }],
    none: null,
  });
});

test('that something is there is kept, also when nothing in it matters', () => {
  expect(factsRead({ a: { b: 1 } }, ({ a }) => a !== null)).toEqual({ a: {} });
});

/** Facts on which much fires. */
const loud = aKeySeen({
  key: {
    scopes: ['read:leads'],
    revoked_at: '2026-02-01T00:00:00.000Z',
    rotated_at: '2026-02-01T00:00:00.000Z',
  },
  fresh: { requests: 900, accepted: 500, denied: 400 },
  window: { requests: 9_000, denied: 4_000, notFound: 4_000 },
  volume: { observed: 9_000 },
  history: { idleMsBefore: 90 * 86_400_000 },
  amounts: {
    bytesOut: amount({ observed: 9e8, peak: 3e5, logMean: 11 }),
    denied: amount({ observed: 4_000 }),
    notFound: amount({ observed: 4_000 }),
    objects: amount({ observed: 4_000 }),
  },
  endpoints: [aNewEndpoint({ granted: false }), aNewEndpoint({ route: '/v1/exports', method: 'POST' })],
  networks: [aNewNetwork()],
  agents: [aNewAgent()],
});

test.each(keyRules.map((rule) => [rule.id, rule] as const))(
  '%s judges what it looked at as it judged all',
  (_id, rule) => {
    const params = rule.params.parse({});
    const read = JSON.parse(JSON.stringify(factsRead(loud, (facts) => rule.evaluate(facts, params))));
    expect(rule.evaluate(read, params)).toEqual(rule.evaluate(loud, params));
  },
);

test.each(sourceRules.map((rule) => [rule.id, rule] as const))(
  '%s judges what it looked at as it judged all',
  (_id, rule) => {
    const params = rule.params.parse({});
    const all = aSourceSeen({ keysNew: 9, requests: 9, denied: 9 });
    const read = JSON.parse(JSON.stringify(factsRead(all, (facts) => rule.evaluate(facts, params))));
    expect(rule.evaluate(read, params)).toEqual(rule.evaluate(all, params));
  },
);
