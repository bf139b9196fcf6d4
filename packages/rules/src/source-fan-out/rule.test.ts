import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, amount, aNewNetwork, describeRule, judge, judgeFire } from '../testing/index.ts';
import { sourceFanOut } from './rule.ts';

const from = (networks: number, { peak = 2, hours = 400, fresh = networks } = {}) =>
  aKeySeen({
    habits: {
      breadth: {
        endpoints: amount({ observed: 2, peak: 4 }),
        networks: amount({ observed: networks, peak, windows: hours }),
      },
    },
    networks: [aNewNetwork()],
    networksOfHour: fresh,
  });

describeRule(sourceFanOut, {
  fires: {
    'forty networks where two were the most': from(40),
    'ten in a key of a day': from(10, { peak: 1, hours: 10 }),
  },
  staysQuiet: {
    'home alone': from(1),
    'a serverless pool that is everywhere every hour': from(40, { peak: 45 }),
    'many networks, all of them known': from(40, { fresh: 3 }),
    'five networks at once': from(5, { peak: 1 }),
  },
  cannotTell: { 'a key in its first hours': [from(40, { hours: 3 }), 'needs 8 active hours'] },
  knownGaps: { 'the move to a serverless platform looks like proxies, once': [from(60), 'fire'] },
});

test('more networks never turn a firing hour quiet', () => {
  const count = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(count, count, count, (peak, observed, more) => {
      if (judge(sourceFanOut, from(observed, { peak })).kind !== 'fire') return;
      expect(judge(sourceFanOut, from(observed + more, { peak })).kind).toBe('fire');
    }),
  );
});

test('what it says names addresses, and no more than five', () => {
  const facts = aKeySeen({
    habits: from(40).habits,
    networks: Array.from({ length: 9 }, (_, i) => aNewNetwork({ ip: `198.51.${i}.7` })),
    networksOfHour: 40,
  });
  expect(judgeFire(sourceFanOut, facts).samples).toHaveLength(5);
});
