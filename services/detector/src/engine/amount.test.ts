import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Amount } from './amount.ts';

function learnt(values: readonly number[]): Amount {
  const amount = new Amount();
  for (const value of values) amount.learn(value);
  return amount;
}

test('mean and spread are those of the logarithm of one and the amount', () => {
  const values = [3, 0, 12, 7, 100, 5, 3];
  const logs = values.map((value) => Math.log1p(value));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length;
  const amount = learnt(values);
  expect(amount.windows).toBeCloseTo(values.length, 1);
  expect(amount.logMean).toBeCloseTo(mean, 2);
  expect(amount.logDeviation).toBeCloseTo(Math.sqrt(variance), 2);
});

test('in its first windows a key sets its record, after that one window lifts it by a bounded factor', () => {
  expect(learnt([1, 1, 500]).peak).toBe(500);
  const settled = learnt(Array(20).fill(10));
  settled.learn(1e9);
  expect(settled.peak).toBeLessThan(45);
});

test('a record that is not reached again is forgotten slowly', () => {
  const amount = learnt([1_000, ...Array(2_000).fill(1)]);
  expect(amount.peak).toBeGreaterThan(300);
  expect(amount.peak).toBeLessThan(400);
});

test('the record is never above the highest window, and spread is never negative; both survive being saved', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 60 }), (values) => {
      const amount = learnt(values);
      expect(amount.peak).toBeLessThanOrEqual(Math.max(...values));
      expect(amount.logDeviation).toBeGreaterThanOrEqual(0);
      expect(Amount.fromJSON(JSON.parse(JSON.stringify(amount))).toJSON()).toEqual(amount.toJSON());
    }),
  );
});
