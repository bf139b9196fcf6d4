import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialInterval } from './binomial-interval.ts';

test('agrees with the exact interval of 10 in 100 that tables print', () => {
  const [low, high] = binomialInterval(10, 100);
  expect(low).toBeCloseTo(0.0490047, 6);
  expect(high).toBeCloseTo(0.1762226, 6);
});

test('nothing in a million still leaves room for what the rule of three says', () => {
  const [low, high] = binomialInterval(0, 1_000_000, 0.9);
  expect(low).toBe(0);
  expect(high * 1_000_000).toBeCloseTo(-Math.log(0.05), 4);
});

test('without trials nothing is known', () => expect(binomialInterval(0, 0)).toEqual([0, 1]));

test('more successes than trials are refused', () =>
  expect(() => binomialInterval(3, 2)).toThrow(RangeError));

test('the interval holds the share that was seen, and mirrors when successes and failures change places', () => {
  const counts = fc
    .integer({ min: 1, max: 5_000 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, ([k, n]) => {
      const [low, high] = binomialInterval(k, n);
      expect(low).toBeLessThanOrEqual(k / n);
      expect(high).toBeGreaterThanOrEqual(k / n);
      expect(binomialInterval(n - k, n)[0]).toBeCloseTo(1 - high, 9);
    }),
    { numRuns: 50 },
  );
});
