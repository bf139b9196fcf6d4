import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialUpperTail } from './binomial-tail.ts';
import { negativeBinomialLowerTail, negativeBinomialUpperTail } from './negative-binomial-tail.ts';
import { poissonLowerTail, poissonUpperTail } from './poisson-tail.ts';

const surprise = (p: number) => -Math.log10(p);
const count = fc.integer({ min: 0, max: 100_000 });
const mean = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
const shape = fc.double({ min: 1e-2, max: 1e5, noNaN: true });

describe('published values', () => {
  test('Poisson tables: 10 or more at mean 3 is .0011, 2 or fewer is .4232', () => {
    expect(poissonUpperTail(10, 3)).toBeCloseTo(surprise(0.0011024881), 6);
    expect(poissonLowerTail(2, 3)).toBeCloseTo(surprise(0.4231900811), 8);
  });

  test('60 heads or more in 100 fair tosses have chance .0284', () => {
    expect(binomialUpperTail(60, 100, 0.5)).toBeCloseTo(surprise(0.0284439668), 7);
  });

  test('the binomial tail knows its ends', () => {
    expect(binomialUpperTail(0, 10, 0.2)).toBe(0);
    expect(binomialUpperTail(11, 10, 0.2)).toBe(Infinity);
    expect(binomialUpperTail(10, 10, 0.2)).toBeCloseTo(10 * surprise(0.2), 10);
  });

  test('a negative binomial of shape 1 is the geometric distribution, whose tail is a power', () => {
    for (const k of [1, 5, 40, 4000]) {
      expect(negativeBinomialUpperTail(k, 3, 1)).toBeCloseTo(k * surprise(3 / 4), 6);
      expect(negativeBinomialLowerTail(k, 3, 1)).toBeCloseTo(surprise(1 - 0.75 ** (k + 1)), 10);
    }
  });

  test('five standard deviations at a mean of 100 million are the normal 6.54', () => {
    expect(poissonUpperTail(1e8 + 5e4, 1e8)).toBeCloseTo(6.542, 2);
  });

  test('the tail keeps its size where the probability itself underflows', () => {
    // Leading term of the Poisson tail: k! in Stirling's form.
    expect(poissonUpperTail(1000, 3)).toBeCloseTo(2091.785, 2);
    expect(negativeBinomialUpperTail(1e6, 1000, 5)).toBeGreaterThan(2000);
  });
});

describe('laws', () => {
  test('more requests never lower the surprise of many, nor raise the surprise of few', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 1000 }), mean, shape, (k, more, m, r) => {
        const tolerance = 1e-7 * (1 + negativeBinomialUpperTail(k, m, r));
        expect(negativeBinomialUpperTail(k + more, m, r)).toBeGreaterThanOrEqual(
          negativeBinomialUpperTail(k, m, r) - tolerance,
        );
        expect(negativeBinomialLowerTail(k + more, m, r)).toBeLessThanOrEqual(
          negativeBinomialLowerTail(k, m, r) * (1 + 1e-7) + 1e-7,
        );
      }),
    );
  });

  test('P(X >= k) and P(X <= k - 1) add up to one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), mean, shape, (k, m, r) => {
        const sum = 10 ** -negativeBinomialUpperTail(k, m, r) + 10 ** -negativeBinomialLowerTail(k - 1, m, r);
        expect(sum).toBeCloseTo(1, 6);
      }),
    );
  });

  test('without over-dispersion the negative binomial is the Poisson', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.double({ min: 0.1, max: 200, noNaN: true }),
        (k, m) => {
          expect(negativeBinomialUpperTail(k, m, Infinity)).toBe(poissonUpperTail(k, m));
          expect(negativeBinomialUpperTail(k, m, 1e8)).toBeCloseTo(poissonUpperTail(k, m), 2);
        },
      ),
    );
  });

  test('a surprise is never NaN and never negative', () => {
    fc.assert(
      fc.property(count, fc.oneof(mean, fc.constant(0)), shape, (k, m, r) => {
        for (const value of [
          negativeBinomialUpperTail(k, m, r),
          negativeBinomialLowerTail(k, m, r),
          poissonUpperTail(k, m),
          poissonLowerTail(k, m),
        ]) {
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('arguments outside the range are refused, not guessed', () => {
    expect(() => negativeBinomialUpperTail(-1, 3, 1)).toThrow(RangeError);
    expect(() => negativeBinomialUpperTail(3, Number.NaN, 1)).toThrow(RangeError);
    expect(() => negativeBinomialLowerTail(3, 3, 0)).toThrow(RangeError);
    expect(() => poissonUpperTail(3, -1)).toThrow(RangeError);
    expect(() => binomialUpperTail(3, 10, 1.5)).toThrow(RangeError);
  });
});
