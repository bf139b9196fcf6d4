import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Mon, 02 Mar 2026 10:00:30 GMT', 30_000],
  ['Mon, 02 Mar 2026 09:00:00 GMT', 0],
  ['99999999', 3_600_000],
  ['-5', 2_000],
  ['soon', 2_000],
  ['', 2_000],
  [null, 2_000],
])('Retry-After %j asks for %d ms', (header, ms) => {
  expect(retryAfterMs(header, now, 2_000)).toBe(ms);
});
