import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { offHoursUse } from './rule.ts';

const atNight = (observed: number, { hours = 200, used = 0, peak = 0, expected = 0.1 } = {}) =>
  aKeySeen({ habits: { quietHour: { observed, expected, hours, used, peak } } });

describeRule(offHoursUse, {
  fires: {
    'a hundred requests in a night of a key that never woke': atNight(100),
    'the same after a month with one late evening': atNight(400, { used: 2, peak: 12 }),
  },
  staysQuiet: {
    'the same amount by day': aKeySeen({ fresh: { requests: 100 } }),
    'a few requests at night': atNight(10),
    'a key that often works late': atNight(60, { used: 60, peak: 80 }),
    'a night job that runs every night': atNight(100, { used: 190, peak: 50 }),
    nothing: atNight(0),
  },
  cannotTell: { 'a key of three nights': [atNight(100, { hours: 30 }), 'needs 7 past stretches of rest'] },
  knownGaps: { 'somebody who works late for the first time is no thief': [atNight(60), 'fire'] },
});

test('more requests at night never turn a firing hour quiet', () => {
  const count = fc.integer({ min: 0, max: 2_000 });
  fc.assert(
    fc.property(count, count, count, (peak, observed, more) => {
      const past = { peak, used: peak > 0 ? 3 : 0 };
      if (judge(offHoursUse, atNight(observed, past)).kind !== 'fire') return;
      expect(judge(offHoursUse, atNight(observed + more, past)).kind).toBe('fire');
    }),
  );
});

test('the stated nearest quiet number of requests is quiet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (peak) => {
      const verdict = judgeFire(offHoursUse, atNight(100 * peak + 100, { peak }));
      expect(judge(offHoursUse, atNight(Number(verdict.quietAt), { peak })).kind).toBe('quiet');
    }),
  );
});
