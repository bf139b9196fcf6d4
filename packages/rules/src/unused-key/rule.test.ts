import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeptKey, daysAgo, describeRule, judge, judgeFire } from '../testing/index.ts';
import { unusedKey } from './rule.ts';

const old = { created_at: new Date(daysAgo(300)).toISOString() };
const usedLast = (days: number | null) =>
  aKeptKey({ key: old, lastAcceptedAt: days === null ? null : daysAgo(days) });

describeRule(unusedKey, {
  fires: {
    'nothing for a hundred days': usedLast(100.5),
    'never used since it was made, as long ago': aKeptKey({
      key: { created_at: new Date(daysAgo(100.5)).toISOString() },
      lastAcceptedAt: null,
    }),
  },
  staysQuiet: {
    'a key in daily use': usedLast(0),
    'a quarterly job': usedLast(92),
    'the day after it was told': usedLast(101.5),
    'a key that was not watched for so long': aKeptKey({
      key: old,
      lastAcceptedAt: null,
      watchedSince: daysAgo(50),
    }),
    'a key that was revoked': aKeptKey({
      key: { ...old, status: 'revoked' },
      lastAcceptedAt: daysAgo(100.5),
    }),
  },
  knownGaps: { 'a yearly job looks unused': [usedLast(130.5), 'fire'] },
});

test('it never has any weight', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000 }), (days) => {
      const verdict = judge(unusedKey, usedLast(days + 0.5));
      if (verdict.kind === 'fire') expect([verdict.score, verdict.severity]).toEqual([0, 'info']);
    }),
  );
});

test('it says for how long the key was watched', () => {
  expect(judgeFire(unusedKey, usedLast(100.5)).observed).toMatchObject({
    unused_days: 100,
    watched_days: 400,
  });
});
