import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, amount, describeRule, judge, judgeFire } from '../testing/index.ts';
import { deniedBreadth } from './rule.ts';

/** A key whose window has so many refusals among so many requests. */
function refused(denied: number, requests: number, changes: Parameters<typeof amount>[0] = {}) {
  return aKeySeen({
    fresh: { requests: Math.min(requests, 5), accepted: 0, denied: Math.min(denied, 5) },
    window: { requests, accepted: requests - denied, denied },
    amounts: { denied: amount({ peak: 2, ...changes, observed: denied }) },
  });
}

describeRule(deniedBreadth, {
  fires: {
    'a key that was hardly ever refused is refused forty times': refused(40, 60),
    'one that was never refused': refused(12, 12, { peak: 0 }),
  },
  staysQuiet: {
    'nothing refused': aKeySeen(),
    'a handful of refusals': refused(5, 5),
    'refusals that are a small share of the traffic': refused(40, 1_000),
    'a key that is refused as often as ever': refused(40, 60, { peak: 55 }),
    'a record that is hardly one': refused(11, 20, { peak: 10, windows: 20 }),
    'refusals of the last minutes, none of this moment': aKeySeen({
      window: { requests: 60, denied: 40 },
      amounts: { denied: amount({ peak: 2, observed: 40 }) },
    }),
  },
  cannotTell: {
    'a key of an hour': [refused(40, 60, { windows: 4 }), 'needs 8 active quarter hours'],
  },
  knownGaps: {
    'an attacker who tries five things a quarter of an hour': [refused(5, 20, { peak: 0 }), 'quiet'],
    'an application whose permission was taken away': [refused(60, 60), 'fire'],
  },
});

const count = fc.integer({ min: 1, max: 10_000 });

test('more refusals never turn a firing window quiet, nor lower its score', () => {
  fc.assert(
    fc.property(count, count, count, (denied, accepted, more) => {
      const before = judge(deniedBreadth, refused(denied, denied + accepted));
      if (before.kind !== 'fire') return;
      const after = judgeFire(deniedBreadth, refused(denied + more, denied + more + accepted));
      expect(after.score).toBeGreaterThanOrEqual(before.score);
    }),
  );
});

test('the stated nearest quiet number of refusals is quiet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), (peak) => {
      const verdict = judgeFire(deniedBreadth, refused(2_000, 2_000, { peak }));
      const quietAt = Number(verdict.quietAt);
      expect(judge(deniedBreadth, refused(quietAt, quietAt, { peak })).kind).toBe('quiet');
    }),
  );
});
