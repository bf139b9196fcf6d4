import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chiSquareUpperTail } from './chi-square-tail.ts';
import { cusumStep } from './cusum-step.ts';
import { fisherCombination } from './fisher-combination.ts';
import { gTest } from './g-test.ts';
import { logRegularisedBeta } from './log-regularised-beta.ts';
import { logRegularisedGamma } from './log-regularised-gamma.ts';
import { shannonEntropy } from './shannon-entropy.ts';
import { studentTUpperTail } from './student-t-tail.ts';

test('the chi-square tables: 3.841 at one and 18.307 at ten degrees of freedom are the 5 % points', () => {
  expect(10 ** -chiSquareUpperTail(3.841459, 1)).toBeCloseTo(0.05, 6);
  expect(10 ** -chiSquareUpperTail(18.307038, 10)).toBeCloseTo(0.05, 6);
});

test('Student’s tables: 2.228 at ten and 6.314 at one degree of freedom leave 2.5 and 5 % above', () => {
  expect(studentTUpperTail(2.228139, 10)).toBeCloseTo(0.025, 7);
  expect(studentTUpperTail(6.313752, 1)).toBeCloseTo(0.05, 7);
  expect(studentTUpperTail(-6.313752, 1)).toBeCloseTo(0.95, 7);
  expect(studentTUpperTail(0, 3)).toBe(0.5);
});

test('incomplete gamma and beta meet their closed forms', () => {
  expect(Math.exp(logRegularisedGamma(1, 2.5).upper)).toBeCloseTo(Math.exp(-2.5), 14);
  expect(Math.exp(logRegularisedBeta(1, 4, 0.3))).toBeCloseTo(1 - 0.7 ** 4, 14);
  expect(Math.exp(logRegularisedBeta(7, 7, 0.5))).toBeCloseTo(0.5, 12);
});

test('the G-test is the likelihood-ratio statistic, divided by Williams’s factor', () => {
  // G = 20.92993 before correction (scipy 1.15, chi2_contingency, log-likelihood).
  const { g, degreesOfFreedom } = gTest([10, 20, 30], [30, 20, 10]);
  expect(degreesOfFreedom).toBe(2);
  const williams = 1 + (3 * (120 * (1 / 40 + 1 / 40 + 1 / 40) - 1)) / (6 * 120 * 2);
  expect(g).toBeCloseTo(20.929926 / williams, 4);
});

test('a mix that did not shift does not surprise, whatever its size', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }), (counts) => {
      expect(
        gTest(
          counts,
          counts.map((c) => 3 * c),
        ).surprise,
      ).toBeLessThan(1e-5);
    }),
  );
  expect(gTest([5], [9]).surprise).toBe(0);
  expect(gTest([0, 0], [9, 1]).surprise).toBe(0);
  expect(() => gTest([1, -1], [1, 1])).toThrow(RangeError);
  expect(() => gTest([1], [1, 1])).toThrow(RangeError);
});

test('entropy is zero for one category and log2(n) for an even spread', () => {
  expect(shannonEntropy([12, 0, 0])).toBe(0);
  expect(shannonEntropy([3, 3, 3, 3])).toBeCloseTo(2, 12);
  expect(shannonEntropy([])).toBe(0);
});

test('a cumulative sum grows by the excess over the slack and forgets below zero', () => {
  expect(cusumStep(1, 2, 0.5)).toBe(2.5);
  expect(cusumStep(1, -2, 0.5)).toBe(0);
});

test('Fisher: one test alone stays as it is, two of 1 % and .1 % give .0125 %', () => {
  expect(fisherCombination([4.2])).toBeCloseTo(4.2, 10);
  expect(10 ** -fisherCombination([2, 3])).toBeCloseTo(0.000125129, 8);
  expect(fisherCombination([])).toBe(0);
});
