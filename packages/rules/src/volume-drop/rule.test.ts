import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { volumeDrop } from './rule.ts';

const fallen = (sum: number, { peak = 3, windows = 2_800 } = {}, key = {}) =>
  aKeySeen({ key, habits: { decline: { sum, peak, windows } } });

describeRule(volumeDrop, {
  fires: { 'a flow at a third of itself for a day': fallen(40) },
  staysQuiet: {
    'an ordinary day': fallen(2),
    'a weak afternoon': fallen(11),
    'a key that has falls like that': fallen(40, { peak: 45 }),
    'a key whose successor took over': fallen(40, {}, { rotated_at: '2026-03-01T00:00:00.000Z' }),
  },
  cannotTell: {
    'a key of a week': [fallen(40, { windows: 672 }), 'needs 1344 quarter hours of history'],
  },
  knownGaps: { 'a holiday that nobody named': [fallen(30), 'fire'] },
});

test('a deeper fall never turns a firing key quiet', () => {
  const sum = fc.double({ min: 0, max: 200, noNaN: true });
  fc.assert(
    fc.property(sum, sum, sum, (peak, seen, more) => {
      if (judge(volumeDrop, fallen(seen, { peak })).kind !== 'fire') return;
      expect(judge(volumeDrop, fallen(seen + more, { peak })).kind).toBe('fire');
    }),
  );
});

test('the stated nearest quiet sum is quiet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), (peak) => {
      const { quietAt } = judgeFire(volumeDrop, fallen(20 * peak + 100, { peak }));
      expect(judge(volumeDrop, fallen(Number(quietAt), { peak })).kind).toBe('quiet');
    }),
  );
});
