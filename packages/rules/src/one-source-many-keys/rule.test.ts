import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aSourceSeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { oneSourceManyKeys } from './rule.ts';

describeRule(oneSourceManyKeys, {
  fires: {
    'a list of keys is tried and all are refused': aSourceSeen({ keysNew: 20, requests: 20, denied: 20 }),
    'four keys, half of the requests refused': aSourceSeen({ keysNew: 4, requests: 8, denied: 4 }),
  },
  staysQuiet: {
    'one key from a new place': aSourceSeen(),
    'three keys of one integration that moved': aSourceSeen({ keysNew: 3, requests: 90 }),
  },
  knownGaps: {
    'a platform that moves its keys to a new address': [
      aSourceSeen({ keysNew: 10, accounts: 10, requests: 300 }),
      'fire',
    ],
    'an attacker with an address for every three keys': [
      aSourceSeen({ keysNew: 3, requests: 3, denied: 3 }),
      'quiet',
    ],
  },
});

const count = fc.integer({ min: 1, max: 5_000 });

test('more keys never turn a firing address quiet, nor lower its score', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 500 }),
      count,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (keys, more, share) => {
        const seen = (keysNew: number) =>
          aSourceSeen({ keysNew, requests: 1_000, denied: Math.round(1_000 * share) });
        const before = judgeFire(oneSourceManyKeys, seen(keys)).score;
        expect(judgeFire(oneSourceManyKeys, seen(keys + more)).score).toBeGreaterThanOrEqual(before);
      },
    ),
  );
});

test('of the same requests, more refused ones never lower the score', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 500 }), count, count, count, (keysNew, a, b, accepted) => {
      const requests = a + b + accepted;
      const score = (denied: number) =>
        judgeFire(oneSourceManyKeys, aSourceSeen({ keysNew, requests, denied })).score;
      expect(score(a + b)).toBeGreaterThanOrEqual(score(a));
    }),
  );
});

test('the stated nearest quiet number of keys is quiet', () => {
  const { quietAt } = judgeFire(oneSourceManyKeys, aSourceSeen({ keysNew: 12, requests: 12, denied: 12 }));
  expect(judge(oneSourceManyKeys, aSourceSeen({ keysNew: Number(quietAt) })).kind).toBe('quiet');
});

test('a finding names at most five of the keys', () => {
  const { samples } = judgeFire(oneSourceManyKeys, aSourceSeen({ keysNew: 40, requests: 40, denied: 40 }));
  expect(samples).toHaveLength(5);
});
