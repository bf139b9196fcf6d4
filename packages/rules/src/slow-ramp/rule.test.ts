import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TrendFacts } from '../habit-facts.ts';
import { aKeySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { slowRamp } from './rule.ts';

const midnight = Date.parse('2026-03-02T09:30:00.000Z');

const grown = (changes: Partial<TrendFacts> = {}) =>
  aKeySeen({
    habits: {
      trend: { sum: 9, peak: 1, days: 30, closedAt: midnight, requests: 2_400, usual: 1_000, ...changes },
    },
  });

describeRule(slowRamp, {
  fires: { 'three percent more a day, for a month': grown() },
  staysQuiet: {
    'days like any other': grown({ sum: 0.4, requests: 1_050 }),
    'two busy days': grown({ sum: 4 }),
    'a rise that is over: the last day was usual': grown({ requests: 1_100 }),
    'three requests a day becoming nine': grown({ requests: 9, usual: 3 }),
    'a key that has had such growth': grown({ peak: 10 }),
    'the same day a second time': grown({ closedAt: midnight - 3_600_000 }),
  },
  cannotTell: { 'a key of a week': [grown({ days: 7 }), 'needs 10 days of history'] },
  knownGaps: { 'honest growth of one customer is told, too': [grown({ requests: 1_900 }), 'fire'] },
});

test('a longer rise never turns a firing day quiet', () => {
  const sum = fc.double({ min: 0, max: 60, noNaN: true });
  fc.assert(
    fc.property(sum, sum, sum, (peak, seen, more) => {
      if (judge(slowRamp, grown({ sum: seen, peak })).kind !== 'fire') return;
      expect(judge(slowRamp, grown({ sum: seen + more, peak })).kind).toBe('fire');
    }),
  );
});

test('the stated nearest quiet sum is quiet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), (peak) => {
      const { quietAt } = judgeFire(slowRamp, grown({ sum: 20 * peak + 30, peak }));
      expect(judge(slowRamp, grown({ sum: Number(quietAt), peak })).kind).toBe('quiet');
    }),
  );
});
