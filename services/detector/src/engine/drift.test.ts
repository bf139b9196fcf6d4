import { expect, test } from 'vitest';
import { Drift } from './drift.ts';

const take = (drift: Drift, requests: number, windows: number) => {
  for (let i = 0; i < windows; i++) drift.take(requests, 100, 50);
  return drift;
};

test('windows as expected, and one burst among them, are no drift', () => {
  expect(take(new Drift(), 100, 500).sum).toBe(0);
  const burst = take(take(take(new Drift(), 100, 50), 100_000, 1), 100, 10);
  expect(burst.sum).toBe(0);
});

test('a rise that goes on adds up, and the record is what earlier rises came to', () => {
  const drift = take(new Drift(), 150, 40);
  expect(drift.sum).toBeGreaterThan(20);
  expect(drift.peak).toBe(0);
  const height = drift.sum;
  take(drift, 50, 100);
  expect(drift.sum).toBe(0);
  expect(drift.peak).toBeLessThanOrEqual(height);
  expect(drift.peak).toBeGreaterThan(0.95 * height);
});

test('the sum is bounded, so that the end of a long rise is seen', () => {
  expect(take(new Drift(), 10_000, 5_000).sum).toBe(Drift.sumMax);
});

test('saved and restored, it goes on the same', () => {
  const going = take(new Drift(), 150, 7);
  const restored = Drift.fromJSON(JSON.parse(JSON.stringify(going)));
  expect(take(restored, 160, 9).toJSON()).toEqual(take(going, 160, 9).toJSON());
});
