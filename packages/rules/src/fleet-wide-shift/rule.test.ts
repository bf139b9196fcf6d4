import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aFleetSeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { fleetWideShift } from './rule.ts';

describeRule(fleetWideShift, {
  fires: {
    'everybody makes three times as many requests': aFleetSeen({ requests: 15_000 }),
    'a third of the usual, of everybody': aFleetSeen({ requests: 1_500 }),
    'nothing at all, and no gateway known to be blind': aFleetSeen({ requests: 0 }),
  },
  staysQuiet: {
    'a usual quarter of an hour': aFleetSeen(),
    'a tenth more': aFleetSeen({ requests: 5_500 }),
    'a rise as it came before': aFleetSeen({ requests: 8_000, ratioHighest: 1.6 }),
    'three keys are no fleet': aFleetSeen({ requests: 50_000, keys: 3 }),
    'a night in which hardly anything is expected': aFleetSeen({ requests: 60, expected: 20 }),
  },
  cannotTell: {
    'less while a gateway is blind': [
      aFleetSeen({ requests: 1_500, gatewaysBlind: 1 }),
      'a gateway is blind',
    ],
    'a fleet of three days': [
      aFleetSeen({ requests: 15_000, windows: 288 }),
      'needs 672 quarter hours of history',
    ],
  },
  knownGaps: { 'a launch that everybody knows of': [aFleetSeen({ requests: 20_000 }), 'fire'] },
});

test('it never opens an incident by itself', () => {
  const count = fc.integer({ min: 0, max: 10_000_000 });
  fc.assert(
    fc.property(count, (requests) => {
      const verdict = judge(fleetWideShift, aFleetSeen({ requests }));
      if (verdict.kind === 'fire') expect(verdict.score).toBeLessThan(3.75);
    }),
  );
});

test('a larger rise never turns a firing one quiet', () => {
  const count = fc.integer({ min: 5_000, max: 1_000_000 });
  fc.assert(
    fc.property(count, count, (requests, more) => {
      if (judge(fleetWideShift, aFleetSeen({ requests })).kind !== 'fire') return;
      expect(judgeFire(fleetWideShift, aFleetSeen({ requests: requests + more })).score).toBeGreaterThan(0);
    }),
  );
});
