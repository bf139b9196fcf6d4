import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatNumber, formatShare, formatShort, plural } from './numbers.ts';
import { formatAgo, formatDuration, formatMinute, formatTime } from './times.ts';

describe('numbers', () => {
  test.each([
    [formatCount(1_234_567), '1,234,567'],
    [formatShort(9_999), '9,999'],
    [formatShort(1_234_567), '1.23M'],
    [formatNumber(0.02413), '0.024'],
    [formatNumber(3.14), '3.1'],
    [formatNumber(412.4), '412'],
    [formatNumber(Number.NaN), '–'],
    [formatShare(0.0123), '1.2 %'],
    [formatShare(0.5), '50 %'],
    [formatShare(0.996), '99.6 %'],
    [formatShare(1), '100 %'],
    [formatBytes(999), '999 B'],
    [formatBytes(1_240_000), '1.2 MB'],
    [plural(1, 'request'), '1 request'],
    [plural(2_000, 'reply', 'replies'), '2,000 replies'],
  ])('%s', (shown, expected) => expect(shown).toBe(expected));

  test('a share that is not nothing never reads as nothing, and one that is not all never as all', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true }), (share) => {
        expect(['0 %', '100 %']).not.toContain(formatShare(share));
      }),
    );
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 2, 5, 9, 7, 3);

  test.each([
    [formatTime(at, 'utc'), '5 Mar 2026, 09:07:03'],
    [formatMinute(at, 'utc'), '5 Mar 09:07'],
    [formatDuration(850), '850 ms'],
    [formatDuration(4_240), '4.2 s'],
    [formatDuration(185_000), '3 min 5 s'],
    [formatDuration(3_600_000), '1 h'],
    [formatDuration(356_400_000), '4 d 3 h'],
    [formatAgo(at, at + 2_000), 'just now'],
    [formatAgo(at, at + 240_000), '4 min ago'],
    [formatAgo(at, at - 7_200_000), 'in 2 h'],
  ])('%s', (shown, expected) => expect(shown).toBe(expected));

  test('no length of time reads as 60 s, 60 min or 24 h', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 * 86_400_000 }), (ms) => {
        expect(formatDuration(ms)).not.toMatch(/\b(60 s|60 min|24 h)\b/);
      }),
    );
  });
});
