import type { KeyFacts } from '@tripkey/rules';
import { expect, test } from 'vitest';
import { keyClassOf } from './key-class.ts';

const dayMs = 86_400_000;

/** The class of a key of ten days. */
function classOf(requestsPerDay: number, tailIndex = 3): string {
  const history = { requests: 10 * requestsPerDay, firstSeenAt: 0 };
  return keyClassOf({ at: 10 * dayMs, history, volume: { tailIndex } } as KeyFacts);
}

test('keys are told apart by their requests a day, those in between by how heavy their bursts are', () => {
  expect([classOf(49), classOf(50), classOf(50, 1.2), classOf(2_000, 1.2)]).toEqual([
    'sparse',
    'steady',
    'bursty',
    'busy',
  ]);
});

test('a key of an hour is judged as if it had its day behind it', () => {
  const history = { requests: 400, firstSeenAt: 0 };
  expect(keyClassOf({ at: dayMs / 24, history, volume: { tailIndex: 3 } } as KeyFacts)).toBe('steady');
});
