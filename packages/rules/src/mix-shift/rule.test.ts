import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { mixShift } from './rule.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const now = aKeySeen().at;

/** A burst whose endpoints speak so much for another caller, after a pause of some days. */
const speaking = (evidence: number, { pauseDays = 0, longestDays = 2, minutesAgo = 1 } = {}) =>
  aKeySeen({
    mix: { evidence, strongest: [{ method: 'GET', route: '/v1/deals', says: evidence }] },
    history: {
      lastSeenAt: now - minutesAgo * minuteMs - pauseDays * dayMs,
      idleMsBefore: pauseDays * dayMs,
      idleMsLongest: longestDays * dayMs,
      idleCount: 30,
    },
  });

describeRule(mixShift, {
  fires: {
    'a burst that is ten times likelier from somebody else': speaking(1),
    'half of that, after a pause five times the longest': speaking(0.5, { pauseDays: 10 }),
  },
  staysQuiet: {
    'what the owner always does': speaking(0),
    'a burst that is three times likelier from somebody else': speaking(0.5),
    'a long pause, and then what the owner always does': speaking(0, { pauseDays: 60 }),
    'a pause as long as others before it': speaking(0.5, { pauseDays: 2 }),
    'the same pause, long over': speaking(0.5, { pauseDays: 10, minutesAgo: 120 }),
  },
  knownGaps: {
    'an owner who starts to work like a colleague': [speaking(1.5), 'fire'],
    'a thief who calls what the owner calls': [speaking(0.1), 'quiet'],
  },
});

test('more evidence, or a longer pause, never lowers the score', () => {
  const evidence = fc.double({ min: 1, max: 6, noNaN: true });
  const days = fc.double({ min: 1, max: 400, noNaN: true });
  fc.assert(
    fc.property(evidence, evidence, days, days, (some, more, pauseDays, longer) => {
      const score = (says: number, pause: number) =>
        judgeFire(mixShift, speaking(says, { pauseDays: pause })).score;
      expect(score(some + more, pauseDays)).toBeGreaterThanOrEqual(score(some, pauseDays));
      expect(score(some, pauseDays + longer)).toBeGreaterThanOrEqual(score(some, pauseDays));
    }),
  );
});

test('the stated nearest quiet evidence is quiet', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 6, noNaN: true }), (evidence) => {
      const { quietAt } = judgeFire(mixShift, speaking(evidence));
      expect(judge(mixShift, speaking(Number(quietAt) - 0.01)).kind).toBe('quiet');
    }),
  );
});
