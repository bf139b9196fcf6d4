import { expect, test } from 'vitest';
import { hourMs } from '../calendar/durations.ts';
import { Random } from '../random/random.ts';
import { arrivals, modulated } from './arrivals.ts';

const from = Date.parse('2026-02-02T00:00:00Z');
const hours = 2000;
const span = { from, to: from + hours * hourMs };

function countsPerHour(times: Iterable<number>): number[] {
  const counts = new Array<number>(hours).fill(0);
  for (const at of times) counts[Math.floor((at - from) / hourMs)]!++;
  return counts;
}

/** Variance over mean: 1 for Poisson counts, more for over-dispersed ones. */
function dispersion(counts: readonly number[]): { mean: number; dispersion: number } {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
  return { mean, dispersion: variance / mean };
}

test('counts of a constant rate are Poisson', () => {
  const counts = countsPerHour(arrivals(new Random('steady'), span, () => 12 / hourMs));
  const seen = dispersion(counts);
  expect(seen.mean).toBeCloseTo(12, 0);
  expect(seen.dispersion).toBeGreaterThan(0.85);
  expect(seen.dispersion).toBeLessThan(1.15);
});

test('a modulated rate keeps its mean and spreads its counts as a negative binomial', () => {
  const random = new Random('bursty');
  const rate = modulated(random, () => 12 / hourMs, { shape: 2, stretchMs: hourMs });
  const seen = dispersion(countsPerHour(arrivals(random, span, rate)));
  expect(seen.mean / 12).toBeCloseTo(1, 0.9);
  // Variance of a negative binomial: mean + mean² / shape.
  expect(seen.dispersion / (1 + 12 / 2)).toBeCloseTo(1, 0.6);
});

test('nothing arrives while the rate is zero', () => {
  const busyFrom = from + 100 * hourMs;
  const times = [...arrivals(new Random('late'), span, (at) => (at < busyFrom ? 0 : 3 / hourMs))];
  expect(times.length).toBeGreaterThan(0);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(busyFrom);
});
