import { negativeBinomialLowerTail, negativeBinomialUpperTail } from '@tripkey/stats';
import { expect, test } from 'vitest';
import { readBaseline } from './baseline.ts';
import { FleetFactor } from './engine/fleet-factor.ts';
import { KeyState } from './engine/key-state.ts';

const minuteMs = 60_000;
const from = Date.UTC(2026, 2, 2);

/** A key with so many requests in every minute of a week. */
function aSteadyKey(perMinute: number): KeyState {
  const state = new KeyState('key_1');
  const traffic = { requests: perMinute, accepted: perMinute, denied: 0, notFound: 0, rateLimited: 0 };
  for (let at = from; at < from + 7 * 1_440 * minuteMs; at += 15 * minuteMs) {
    state.begin('key_1', at + minuteMs, new FleetFactor());
    state.take(at, { ...traffic, requests: 15 * perMinute, serverErrors: 0, bytesOut: 0, objects: 1 }, at);
  }
  state.teachUntil(from + 7 * 1_440 * minuteMs, new FleetFactor());
  return state;
}

test('the band holds what is expected, and one of 200 windows is beyond each of its bounds', () => {
  const state = aSteadyKey(10);
  const baseline = readBaseline(JSON.stringify(state));
  const band = baseline.band(from, from + 15 * minuteMs);
  expect(band.expected).toBeCloseTo(150, -1);
  const mean = Number(band.expected.toPrecision(3));
  expect(negativeBinomialUpperTail(band.upper + 1, mean, state.rate.shape)).toBeGreaterThanOrEqual(
    -Math.log10(0.005),
  );
  expect(negativeBinomialUpperTail(band.upper, mean, state.rate.shape)).toBeLessThan(-Math.log10(0.005));
  expect(negativeBinomialLowerTail(band.lower, mean, state.rate.shape)).toBeLessThanOrEqual(
    -Math.log10(0.005),
  );
  expect(band.lower).toBeLessThan(band.expected);
  expect(baseline).toMatchObject({ activeDays: 7 });
});

test('a longer span expects more, in proportion', () => {
  const baseline = readBaseline(JSON.stringify(aSteadyKey(4)));
  const hour = baseline.band(from, from + 60 * minuteMs).expected;
  expect(baseline.band(from, from + 24 * 60 * minuteMs).expected).toBeCloseTo(24 * hour, -2);
});
