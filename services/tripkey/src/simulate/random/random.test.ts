import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from './random.ts';

const draws = 40_000;

/** Mean and variance of many draws. */
function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: draws }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1) };
}

test('equal names draw equal numbers, other names others', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const list = (name: string) =>
        Array.from({ length: 8 }, (_, i) => new Random(name).fork(`${i}`).bits());
      expect(list(one)).toEqual(list(one));
      if (one !== other) expect(list(one)).not.toEqual(list(other));
    }),
  );
});

test('a fork does not depend on what its parent drew', () => {
  const fresh = new Random('seed');
  const used = new Random('seed');
  for (let i = 0; i < 100; i++) used.normal();
  expect(used.fork('part').bits()).toBe(fresh.fork('part').bits());
});

test('units fill [0, 1) evenly', () => {
  const random = new Random('units');
  const { mean, variance } = moments(() => random.unit());
  expect(mean).toBeCloseTo(1 / 2, 1.5);
  expect(variance).toBeCloseTo(1 / 12, 2);
});

test('poisson counts have the mean as their variance', () => {
  const random = new Random('poisson');
  const { mean, variance } = moments(() => random.poisson(7.5));
  expect(mean / 7.5).toBeCloseTo(1, 1.5);
  expect(variance / 7.5).toBeCloseTo(1, 1);
});

test.each([0.4, 1, 6])('gamma of shape %f has mean 1 and variance 1 / shape', (shape) => {
  const random = new Random('gamma');
  const { mean, variance } = moments(() => random.gamma(shape));
  expect(mean).toBeCloseTo(1, 1.3);
  expect(variance * shape).toBeCloseTo(1, 0.8);
});

test('half of all lognormal draws are below the median', () => {
  const random = new Random('lognormal');
  const { mean } = moments(() => (random.lognormal(300, 1.2) < 300 ? 1 : 0));
  expect(mean).toBeCloseTo(0.5, 1.5);
});

test('geometric counts have the mean asked for and are at least 1', () => {
  const random = new Random('geometric');
  const counts: number[] = [];
  const { mean } = moments(() => {
    counts.push(random.geometric(5));
    return counts.at(-1)!;
  });
  expect(mean).toBeCloseTo(5, 0.5);
  expect(Math.min(...counts)).toBe(1);
});

test('weights decide how often an index is drawn', () => {
  const random = new Random('weights');
  const { mean } = moments(() => (random.weightedIndex([1, 1, 4]) === 2 ? 1 : 0));
  expect(mean).toBeCloseTo(0.75, 1.5);
});
