import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, amount, describeRule, judge, judgeFire } from '../testing/index.ts';
import { limitPressure } from './rule.ts';

const throttled = (observed: number, { peak = 2, windows = 400, of = 2 * observed } = {}) => {
  const all = aKeySeen().amounts;
  return aKeySeen({
    fresh: { requests: of, rateLimited: observed },
    window: { requests: of, rateLimited: observed },
    amounts: { ...all, rateLimited: amount({ observed, peak, windows }) },
  });
};
const month = (requests: number, fresh = 100) =>
  aKeySeen({ key: { quota: 10_000 }, fresh: { requests: fresh }, habits: { month: { requests } } });

describeRule(limitPressure, {
  fires: {
    'half of the requests throttled, as never before': throttled(200),
    'four fifths of the quota are passed': month(8_050),
    'the whole quota is passed': month(10_010),
  },
  staysQuiet: {
    'no request throttled': throttled(0),
    'a few': throttled(10),
    'a small share of very many': throttled(100, { of: 10_000 }),
    'a key that is throttled every day': throttled(200, { peak: 220 }),
    'half of the quota': month(5_000),
    'the quota passed some time ago': month(12_000),
    'a key without quota': aKeySeen({ habits: { month: { requests: 1_000_000 } } }),
  },
  cannotTell: {
    'a key in its first hours': [throttled(200, { windows: 4 }), 'needs 24 active quarter hours'],
  },
  knownGaps: { 'a client without back-off': [throttled(60), 'fire'] },
});

test('more throttled requests never turn a firing window quiet, and none opens an incident', () => {
  const count = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(count, count, (observed, more) => {
      const before = judge(limitPressure, throttled(observed));
      if (before.kind !== 'fire') return;
      expect(judgeFire(limitPressure, throttled(observed + more)).score).toBeLessThan(3.75);
    }),
  );
});

test('each share of the quota is told once in a month, however the requests come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 40, maxLength: 60 }), (steps) => {
      let requests = 0;
      const told = steps.filter((fresh) => {
        requests += fresh;
        return judge(limitPressure, month(requests, fresh)).kind === 'fire';
      });
      expect(told.length).toBe((requests >= 8_000 ? 1 : 0) + (requests >= 10_000 ? 1 : 0));
    }),
  );
});

test('passing a share of the quota is a story of its own, which no other one keeps quiet', () => {
  const stories = [month(8_050), month(10_010), throttled(200)].map(
    (seen) => judgeFire(limitPressure, seen).story,
  );
  expect(stories).toEqual(['quota 0.8', 'quota 1', undefined]);
});
