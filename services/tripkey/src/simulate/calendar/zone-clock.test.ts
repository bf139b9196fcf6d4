import { expect, test } from 'vitest';
import { ZoneClock } from './zone-clock.ts';
import { zones } from './zones.ts';

const berlin = new ZoneClock(zones.find((zone) => zone.name === 'Europe/Berlin')!);

test('a Monday morning in Berlin is hour 9 of the week', () => {
  expect(berlin.hourOfWeek(Date.parse('2026-01-12T08:30:00Z'))).toBe(9);
});

test('summer time moves the wall clock, not the working day', () => {
  expect(berlin.hourOfWeek(Date.parse('2026-07-06T07:30:00Z'))).toBe(9);
  expect(berlin.moment(Date.parse('2026-03-29T09:00:00Z'))).toBe(Date.parse('2026-03-29T07:00:00Z'));
  expect(berlin.moment(Date.parse('2026-03-28T09:00:00Z'))).toBe(Date.parse('2026-03-28T08:00:00Z'));
});

test('a holiday is one by local date', () => {
  expect(berlin.isHoliday(Date.parse('2026-04-30T22:30:00Z'))).toBe(true);
  expect(berlin.isHoliday(Date.parse('2026-05-01T22:30:00Z'))).toBe(false);
});

test('every zone is one that the runtime knows', () => {
  for (const zone of zones) expect(() => new ZoneClock(zone).local(0)).not.toThrow();
});
