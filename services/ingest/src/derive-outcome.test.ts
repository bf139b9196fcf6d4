import { expect, test } from 'vitest';
import { deriveOutcome } from './derive-outcome.ts';

test.each([
  [200, 'valid'],
  [404, 'valid'],
  [500, 'valid'],
  [401, 'unknown_key'],
  [402, 'usage_exceeded'],
  [403, 'forbidden'],
  [429, 'rate_limited'],
])('status %d says %s', (status, outcome) => {
  expect(deriveOutcome(status)).toBe(outcome);
});
