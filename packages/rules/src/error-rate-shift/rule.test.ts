import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, amount, describeRule, judge, judgeFire } from '../testing/index.ts';
import { errorRateShift } from './rule.ts';

const broken = (observed: number, { peak = 1, windows = 400, of = 2 * observed, fleet = 0.005 } = {}) => {
  const all = aKeySeen().amounts;
  return aKeySeen({
    fresh: { requests: of, serverErrors: observed },
    window: { requests: of, serverErrors: observed },
    amounts: { ...all, serverErrors: amount({ observed, peak, windows }) },
    habits: { fleetErrorShare: fleet },
  });
};

describeRule(errorRateShift, {
  fires: { 'half of the requests break the server': broken(60) },
  staysQuiet: {
    'none does': broken(0),
    'a few': broken(8),
    'everybody has trouble': broken(60, { fleet: 0.4 }),
    'a small share of very many': broken(60, { of: 5_000 }),
    'a key that breaks it every day': broken(60, { peak: 70 }),
  },
  cannotTell: { 'a key in its first hours': [broken(60, { windows: 4 }), 'needs 24 active quarter hours'] },
  knownGaps: { 'a release that broke one customer': [broken(40), 'fire'] },
});

test('more errors never turn a firing window quiet, and none opens an incident', () => {
  const count = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(count, count, (observed, more) => {
      if (judge(errorRateShift, broken(observed)).kind !== 'fire') return;
      expect(judgeFire(errorRateShift, broken(observed + more)).score).toBeLessThan(3.75);
    }),
  );
});

test('the stated nearest quiet number of errors is quiet', () => {
  const { quietAt } = judgeFire(errorRateShift, broken(500, { peak: 40 }));
  expect(judge(errorRateShift, broken(Number(quietAt), { peak: 40 })).kind).toBe('quiet');
});
