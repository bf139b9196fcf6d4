import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, describeRule, judge } from '../testing/index.ts';
import { volumeSpike } from './rule.ts';

describeRule(volumeSpike, {
  fires: {
    'ten times the record of a steady month': aKeySeen({ volume: { observed: 1_800 } }),
    'a quiet key that wakes up loud': aKeySeen({ volume: { observed: 300, expected: 0.2, peak: 6 } }),
  },
  staysQuiet: {
    'an ordinary quarter of an hour': aKeySeen(),
    'a busy one below the record': aKeySeen({ volume: { observed: 180 } }),
    'a record that is hardly one': aKeySeen({ volume: { observed: 185 } }),
    'a rise of a tiny key': aKeySeen({ volume: { observed: 25, expected: 0.1, peak: 2 } }),
    'a bursty key that bursts as it does': aKeySeen({
      volume: { observed: 200, expected: 20, shape: 0.05, peak: 190 },
    }),
  },
  cannotTell: {
    'a key in its first day': [
      aKeySeen({ volume: { observed: 500, windows: 40 } }),
      'needs 96 quarter hours of history',
    ],
  },
  knownGaps: {
    'an attacker who stays under the record': [aKeySeen({ volume: { observed: 179, expected: 5 } }), 'quiet'],
  },
});

test('more requests never turn a firing window quiet, nor lower its score', () => {
  const count = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(count, count, count, (peak, observed, more) => {
      const before = judge(volumeSpike, aKeySeen({ volume: { observed, peak } }));
      fc.pre(before.kind === 'fire');
      const after = judge(volumeSpike, aKeySeen({ volume: { observed: observed + more, peak } }));
      expect(after).toMatchObject({ kind: 'fire' });
      if (before.kind === 'fire' && after.kind === 'fire')
        expect(after.score).toBeGreaterThanOrEqual(before.score);
    }),
  );
});

test('the stated nearest quiet value is quiet', () => {
  const verdict = judge(volumeSpike, aKeySeen({ volume: { observed: 5_000 } }));
  if (verdict.kind !== 'fire') throw new Error('did not fire');
  expect(judge(volumeSpike, aKeySeen({ volume: { observed: Number(verdict.quietAt) } })).kind).toBe('quiet');
});
