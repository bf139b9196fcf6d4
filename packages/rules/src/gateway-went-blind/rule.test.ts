import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aGatewaySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { gatewayWentBlind } from './rule.ts';

const minuteMs = 60_000;
const silentFor = (minutes: number, changes: Parameters<typeof aGatewaySeen>[0] = {}) =>
  aGatewaySeen({ silentMs: minutes * minuteMs, ...changes });
const missing = (count: number, received = 36_000) =>
  aGatewaySeen({ sequence: { missing: count, received } });

describeRule(gatewayWentBlind, {
  fires: {
    'one event in twenty is gone': missing(1_900),
    'nothing for two hours': silentFor(120),
    'nothing for half an hour, of the only gateway': silentFor(30, { othersHeard: false }),
  },
  staysQuiet: {
    'every number came': missing(0),
    'a handful of numbers is missing': missing(12),
    'a few in a very busy hour': missing(50, 1_000_000),
    'a pause': silentFor(5),
    'a gateway that often pauses for an hour': silentFor(90, { pauseMsLongest: 60 * minuteMs }),
    'a night in which nothing is expected': silentFor(300, { expectedSince: 3, surpriseOfSilence: 1 }),
    'one that sends no numbers': aGatewaySeen({ sequence: null }),
  },
  cannotTell: {
    'a gateway of an hour': [
      silentFor(30, { watchedSince: Date.parse('2026-03-02T09:00:00.000Z') }),
      'needs a day of history',
    ],
  },
  knownGaps: { 'a gateway that was taken out of service': [silentFor(240), 'fire'] },
});

test('an outage that may be caught up with wakes nobody in its first hour', () => {
  expect(judgeFire(gatewayWentBlind, silentFor(45)).score).toBeLessThan(3.75);
  expect(judgeFire(gatewayWentBlind, silentFor(75)).score).toBeGreaterThan(3.75);
});

test('a longer silence and a wider gap never turn quiet', () => {
  const minutes = fc.integer({ min: 1, max: 600 });
  fc.assert(
    fc.property(minutes, minutes, (silent, more) => {
      if (judge(gatewayWentBlind, silentFor(silent)).kind === 'fire')
        expect(judge(gatewayWentBlind, silentFor(silent + more)).kind).toBe('fire');
      if (judge(gatewayWentBlind, missing(silent)).kind === 'fire')
        expect(judge(gatewayWentBlind, missing(silent + more)).kind).toBe('fire');
    }),
  );
});

test('the stated nearest quiet gap is quiet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (received) => {
      const { quietAt } = judgeFire(gatewayWentBlind, missing(10_000 + received, received));
      expect(judge(gatewayWentBlind, missing(Math.min(Number(quietAt), 19), received)).kind).toBe('quiet');
    }),
  );
});
