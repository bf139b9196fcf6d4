import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeptKey, daysAgo, describeRule, judge } from '../testing/index.ts';
import { rotationOverdue } from './rule.ts';

const aged = (days: number, key: Parameters<typeof aKeptKey>[0] = {}) =>
  aKeptKey({ ...key, key: { created_at: new Date(daysAgo(days)).toISOString(), ...key.key } });

describeRule(rotationOverdue, {
  fires: {
    'a key that turned ninety days': aged(90.5),
    'the same a month later': aged(120.5),
  },
  staysQuiet: {
    'a key of two months': aged(60),
    'an old key, the day after it was told': aged(91.5),
    'one that has a successor': aged(90.5, { key: { rotated_at: '2026-03-01T00:00:00.000Z' } }),
    'one that was revoked': aged(90.5, { key: { status: 'revoked' } }),
    'one that ends by itself in time': aged(90.5, {
      key: { expires_at: new Date(daysAgo(10)).toISOString() },
    }),
  },
  cannotTell: {
    'a key of unknown age': [
      aKeptKey({ key: { created_at: null } }),
      'the issuer has not told when the key was made',
    ],
  },
  knownGaps: { 'a secret that was changed under the same id': [aged(90.5), 'fire'] },
});

test('looked at once a day, it says so once in thirty days, whatever the hour', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), (hour) => {
      const days = Array.from({ length: 300 }, (_, day) => judge(rotationOverdue, aged(day + hour)));
      expect(days.filter(({ kind }) => kind === 'fire')).toHaveLength(7);
    }),
  );
});
