import { expect, test } from 'vitest';
import { DailyTrend } from './daily-trend.ts';
import { FleetTrend } from './fleet-trend.ts';

const dayMs = 86_400_000;

/** Days of so many requests each, uneven by the weekday and by chance, taken in hour by hour. */
function live(trend: DailyTrend, fleet: FleetTrend, days: number, level: (day: number) => number, key = 0) {
  for (let day = 0; day < days; day++) {
    const weekend = day % 7 > 4 ? 0.4 : 1;
    const chance = 0.85 + (((day * 37 + key * 11) % 17) / 17) * 0.3;
    for (let hour = 0; hour < 24; hour++) {
      const from = day * dayMs + hour * 3_600_000;
      trend.takeHour(from, Math.round((level(day) * weekend * chance) / 24), fleet, from + 3_700_000);
    }
  }
}

const threePercent = (from: number) => (day: number) => 2_400 * 1.03 ** Math.max(0, day - from);

test('three percent more a day are seen within the month', () => {
  const trend = new DailyTrend();
  live(trend, new FleetTrend(), 60, threePercent(30));
  expect(trend.sum).toBeGreaterThan(15);
  expect(trend.last.requests).toBeGreaterThan(1.4 * trend.last.usual);
});

test('a level that stays, weekends and chance included, adds nothing up', () => {
  const trend = new DailyTrend();
  live(trend, new FleetTrend(), 120, () => 2_400);
  expect(Math.max(trend.sum, trend.peak)).toBeLessThan(3);
});

test('the same growth of all keys is nobody’s own', () => {
  const fleet = new FleetTrend();
  const keys = Array.from({ length: 40 }, () => new DailyTrend());
  for (let day = 0; day < 60; day++) {
    keys.forEach((trend, key) => {
      const level = threePercent(30)(day) * (0.9 + ((day * 13 + key * 7) % 20) / 100);
      for (let hour = 0; hour < 24; hour++) {
        const from = day * dayMs + hour * 3_600_000;
        trend.takeHour(from, Math.round(level / 24), fleet, from + 3_700_000);
      }
    });
  }
  expect(Math.max(...keys.map((trend) => trend.sum))).toBeLessThan(5);
});

test('it goes on where it was saved', () => {
  const fleet = new FleetTrend();
  const trend = new DailyTrend();
  live(trend, fleet, 45, threePercent(20));
  const saved = DailyTrend.fromJSON(JSON.parse(JSON.stringify(trend)));
  expect(saved).toEqual(trend);
});
