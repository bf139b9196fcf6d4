import { expect, test } from 'vitest';
import { FleetFactor } from './fleet-factor.ts';
import { Habits, habitFacts } from './habits.ts';
import { HourlyCount } from './hourly-count.ts';
import { RecentMinutes } from './recent-minutes.ts';
import { SeasonalRate } from './seasonal-rate.ts';

const hourMs = 3_600_000;
const noSurprise = () => 0;
const shared = { birth: null, kin: 0, fleetErrorShare: 0 };

/** Weeks of a key that works from 8 to 18 every day. */
function officeKey(days: number) {
  const habits = new Habits();
  const rate = new SeasonalRate();
  const fleet = new FleetFactor();
  for (let hour = 0; hour < 24 * days; hour++) {
    const from = hour * hourMs;
    const requests = hour % 24 >= 8 && hour % 24 < 18 ? 60 : 0;
    habits.takeHour(from, requests, rate, fleet, from + hourMs, false);
    for (let i = 0; i < 4; i++) rate.learnWindow(from + i * SeasonalRate.windowMs, requests / 4);
    rate.learnHour(from, requests);
  }
  return { habits, rate };
}

test('the night is a quiet hour, the day is none', () => {
  const { habits, rate } = officeKey(21);
  const facts = (hour: number) =>
    habitFacts(habits, rate, new RecentMinutes(), (24 * 21 + hour) * hourMs, noSurprise, shared);
  expect(facts(3).quietHour).toMatchObject({ observed: 0, used: 0, peak: 0 });
  expect(facts(3).quietHour!.hours).toBeGreaterThan(100);
  expect(facts(12).quietHour).toBeNull();
});

test('a key that works around the clock has no quiet hour', () => {
  const habits = new Habits();
  const rate = new SeasonalRate();
  for (let hour = 0; hour < 24 * 21; hour++) {
    habits.takeHour(hour * hourMs, 30, rate, new FleetFactor(), (hour + 1) * hourMs, false);
    rate.learnHour(hour * hourMs, 30);
  }
  for (let hour = 0; hour < 24; hour++) {
    const at = (24 * 21 + hour) * hourMs;
    expect(habitFacts(habits, rate, new RecentMinutes(), at, noSurprise, shared).quietHour).toBeNull();
  }
});

test('a value is counted once an hour', () => {
  const counter = new HourlyCount();
  counter.enter(5 * hourMs, 0);
  counter.note(0);
  counter.note(5 * hourMs + 1_000);
  counter.note(4 * hourMs);
  expect(counter.count).toBe(2);
  counter.enter(6 * hourMs, 0);
  expect([counter.count, counter.past.peak]).toEqual([0, 2]);
});

test('a fall shared by the whole fleet is no key’s own', () => {
  const fall = (fleetRequests: number) => {
    const { habits, rate } = officeKey(21);
    const fleet = new FleetFactor();
    for (let i = 0; i < 16; i++) {
      const from = 24 * 21 * hourMs + 10 * hourMs + i * SeasonalRate.windowMs;
      fleet.note(from, fleetRequests, 1_000);
      habits.takeWindow(from, 3, rate, rate.expected(from, from + SeasonalRate.windowMs), fleet);
    }
    return habits.decline.sum;
  };
  expect(fall(1_000)).toBeGreaterThan(0);
  expect(fall(250)).toBe(0);
});

test('habits go on where they were saved', () => {
  const { habits } = officeKey(30);
  expect(Habits.fromJSON(JSON.parse(JSON.stringify(habits)))).toEqual(habits);
});
