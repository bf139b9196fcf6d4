import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTime } from './parse-time.ts';

const noon = Date.UTC(2024, 4, 1, 12, 0, 0);

test.each([
  ['2024-05-01 12:00:00', noon],
  ['2024-05-01 12:00', noon],
  ['2024-05-01T12:00:00Z', noon],
  ['2024-05-01T12:00:00.250Z', noon + 250],
  ['2024-05-01T14:00:00+02:00', noon],
  ['2024-05-01 07:30:00 -0430', noon],
  ['2024/05/01 12:00:00', noon],
  ['2024-05-01', noon - 12 * 3_600_000],
  ['1714564800', noon],
  ['1714564800000', noon],
  ['1714564800000000', noon],
])('%s is read as the moment it names', (text, at) => {
  expect(parseTime(text)).toBe(at);
});

test.each(['', 'soon', '2024-13-01 00:00:00', '2024-02-30', '2024-05-01 25:00:00', '12', '01.05.2024'])(
  '%j is no timestamp',
  (text) => {
    expect(parseTime(text)).toBeUndefined();
  },
);

test('whatever ISO 8601 writes is read back', () => {
  const date = fc.date({ min: new Date('1975-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (moment) => {
      expect(parseTime(moment.toISOString())).toBe(moment.getTime());
    }),
  );
});
