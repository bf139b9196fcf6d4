import fc from 'fast-check';
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

test('the usual form is read as any other, in whatever order the times come', () => {
  const usual = fc
    .date({ min: new Date('2001-09-10'), max: new Date('2099-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const odd = fc
    .tuple(usual, fc.nat(23), fc.constantFrom('6', '9', 'x', ':', ' ', '-'))
    .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(usual, odd), (text) => {
      // One more digit, and the careful way reads it.
      expect(readEventTime(text)).toEqual(readEventTime(text.replace(/(\.\d{3})Z$/, '$10Z')));
    }),
  );
});
