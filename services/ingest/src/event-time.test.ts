import { expect, test } from 'vitest';
import { readEventTime } from './event-time.ts';

test.each([
  ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00.000Z'],
  ['2026-03-02t10:00:00.5z', '2026-03-02T10:00:00.500Z'],
  ['2026-03-02 12:00:00.123456789+02:00', '2026-03-02T10:00:00.123Z'],
])('%s is read as RFC 3339', (text, iso) => {
  expect(readEventTime(text)).toBe(Date.parse(iso));
});

test('epoch milliseconds are taken, fractions cut', () => {
  expect(readEventTime(1_772_445_600_000.7)).toBe(1_772_445_600_000);
});

test.each([['2026-03-02'], ['2026-03-02T10:00:00'], ['yesterday'], [''], ['2026-13-40T10:00:00Z']])(
  '%s is no time, because its zone or its meaning is open',
  (text) => {
    expect(readEventTime(text)).toBeNaN();
  },
);

test.each([[1_772_445_600], [0], [-5], [1e18], [Number.NaN]])('%d is not epoch milliseconds', (ts) => {
  expect(readEventTime(ts)).toBeNaN();
});
