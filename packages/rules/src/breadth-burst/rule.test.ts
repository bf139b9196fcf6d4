import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, amount, describeRule, judge, judgeFire } from '../testing/index.ts';
import { breadthBurst } from './rule.ts';

const using = (endpoints: number, { peak = 4, hours = 400 } = {}) =>
  aKeySeen({
    habits: {
      breadth: {
        endpoints: amount({ observed: endpoints, peak, windows: hours }),
        networks: amount({ observed: 1, peak: 2 }),
      },
    },
  });

describeRule(breadthBurst, {
  fires: {
    'twelve endpoints where four were the most': using(12),
    'eight where three were, in a young key': using(8, { peak: 3, hours: 30 }),
  },
  staysQuiet: {
    'an ordinary hour': using(3),
    'one endpoint more than ever': using(5),
    'a client that walks through the API every day': using(12, { peak: 14 }),
    'four endpoints of a key that only ever used one': using(4, { peak: 1 }),
  },
  cannotTell: { 'a key in its first day': [using(12, { hours: 10 }), 'needs 24 active hours'] },
  knownGaps: { 'a release that walks through the API once is a search': [using(20), 'fire'] },
});

test('more endpoints never turn a firing hour quiet', () => {
  const count = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(count, count, count, (peak, observed, more) => {
      if (judge(breadthBurst, using(observed, { peak })).kind !== 'fire') return;
      expect(judge(breadthBurst, using(observed + more, { peak })).kind).toBe('fire');
    }),
  );
});

test('the stated nearest quiet number of endpoints is quiet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (peak) => {
      const { quietAt } = judgeFire(breadthBurst, using(10 * peak + 10, { peak }));
      expect(judge(breadthBurst, using(Number(quietAt), { peak })).kind).toBe('quiet');
    }),
  );
});
