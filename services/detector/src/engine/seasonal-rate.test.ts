import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourMs, monday } from '../testing/made-traffic.ts';
import { SeasonalRate } from './seasonal-rate.ts';

/** A key's rate after so many days, its requests in an hour given by when the hour starts. */
function learnt(days: number, perHour: (hourOfDay: number, day: number) => number): SeasonalRate {
  const rate = new SeasonalRate();
  for (let hour = 0; hour < days * 24; hour++) {
    const from = monday + hour * hourMs;
    const requests = perHour(hour % 24, Math.floor(hour / 24));
    for (let quarter = 0; quarter < SeasonalRate.windowsPerHour; quarter++)
      rate.learnWindow(from + quarter * SeasonalRate.windowMs, requests / SeasonalRate.windowsPerHour);
    rate.learnHour(from, requests);
  }
  return rate;
}

const at = (days: number, hour: number) => monday + (days * 24 + hour) * hourMs;
const inHour = (rate: SeasonalRate, days: number, hour: number) =>
  rate.expected(at(days, hour), at(days, hour) + hourMs);

test('after three days a key has a daily rhythm', () => {
  const rate = learnt(3, (hour) => (hour >= 8 && hour < 20 ? 400 : 20));
  expect(inHour(rate, 3, 14)).toBeGreaterThan(3 * inHour(rate, 3, 2));
  expect(inHour(rate, 3, 14)).toBeGreaterThan(250);
});

test('after four weeks it has a weekly one', () => {
  const rate = learnt(28, (_hour, day) => (day % 7 < 5 ? 400 : 10));
  const [wednesday, saturday] = [inHour(rate, 30, 12), inHour(rate, 33, 12)];
  expect(wednesday).toBeGreaterThan(300);
  expect(saturday).toBeLessThan(150);
});

test('what is expected of a stretch is proportional to its length', () => {
  const rate = learnt(5, () => 100);
  const hour = inHour(rate, 5, 12);
  expect(rate.expected(at(5, 12) + hourMs / 4, at(5, 12) + (3 * hourMs) / 4)).toBeCloseTo(hour / 2, 6);
});

test('one hour of attack teaches only a bounded part of itself', () => {
  const [calm, attacked] = [learnt(14, () => 100), learnt(14, () => 100)];
  calm.learnHour(at(14, 0), 100);
  attacked.learnHour(at(14, 0), 1_000_000);
  // A week later, at the same hour: what was taught has its full weight there.
  expect(inHour(attacked, 21, 0)).toBeLessThan(4 * inHour(calm, 21, 0));
  expect(inHour(attacked, 21, 12)).toBeLessThan(1.2 * inHour(calm, 21, 12));
});

test('a window that was flagged lifts the record by half its height, on a logarithmic scale, and no rate', () => {
  const rate = learnt(7, () => 400);
  const expected = inHour(rate, 7, 0);
  expect(rate.peak).toBeCloseTo(100, 0);
  rate.noteFlaggedWindow(10_000);
  expect(rate.peak).toBeCloseTo(1_000, -1);
  expect(inHour(rate, 7, 0)).toBe(expected);
});

test('the record is the highest window, and is forgotten slowly', () => {
  const rate = learnt(7, (hour, day) => (day === 1 && hour === 9 ? 4_000 : 100));
  expect(rate.peak).toBeGreaterThan(800);
  expect(rate.peak).toBeLessThan(1_000);
});

test('a steady key gets a narrow predictive, a bursty one a wide one', () => {
  const steady = learnt(14, () => 400);
  const bursty = learnt(14, (hour) => (hour % 7 === 3 ? 2_000 : 10));
  expect(steady.shape).toBeGreaterThan(20);
  expect(bursty.shape).toBeLessThan(2);
});

test('what is expected is never negative and never infinite, whatever was learnt', () => {
  const count = fc.integer({ min: 0, max: 10_000_000 });
  fc.assert(
    fc.property(fc.array(count, { maxLength: 200 }), (hours) => {
      const rate = new SeasonalRate();
      hours.forEach((requests, hour) => {
        rate.learnWindow(monday + hour * hourMs, requests);
        rate.learnHour(monday + hour * hourMs, requests);
      });
      for (const value of [inHour(rate, 9, 0), rate.shape, rate.peak, rate.tailIndex]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
      }
    }),
  );
});

test('saved and restored, it expects and learns the same', () => {
  const going = learnt(9, (hour, day) => hour * 10 + day);
  const restored = SeasonalRate.fromJSON(JSON.parse(JSON.stringify(going)));
  for (const rate of [going, restored]) {
    rate.learnWindow(at(9, 0), 77);
    rate.learnHour(at(9, 0), 300);
  }
  expect(restored.toJSON()).toEqual(going.toJSON());
  expect(inHour(restored, 10, 7)).toBe(inHour(going, 10, 7));
});
