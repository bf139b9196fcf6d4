import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aGatewaySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { gatewayWentBlind } from './rule.ts';

const minuteMs = 60_000;
const silentFor = (minutes: number, changes: Parameters<typeof aGatewaySeen>[0] = {}) =>
  aGatewaySeen({ silentMs: minutes * minuteMs, ...changes });
const missing = (count: number, received = 36_000) =>
  aGatewaySeen({ sequence: { missing: count, received } });
const says = (emittedSince: number, overdueMinutes = 0) => ({
  heartbeat: { emittedSince, overdueMs: overdueMinutes * minuteMs },
});
const often = { pauseMsLongest: 60 * minuteMs };
const ofAnHour = { watchedSince: Date.parse('2026-03-02T09:00:00.000Z') };

describeRule(gatewayWentBlind, {
  fires: {
    'one event in twenty is gone': missing(1_900),
    'nothing for two hours': silentFor(120),
    'nothing for half an hour, of the only gateway': silentFor(30, { othersHeard: false }),
    'one that lives and says it emitted what never came': silentFor(30, says(200)),
    'the same of a gateway that often pauses, and of a new one': silentFor(30, {
      ...says(200),
      ...often,
      ...ofAnHour,
    }),
    'one that often pauses, and says no more that it lives': silentFor(90, { ...says(0, 85), ...often }),
    'one that emitted in vain before it said no more': silentFor(30, { ...says(200, 10), expectedSince: 0 }),
  },
  staysQuiet: {
    'every number came': missing(0),
    'a handful of numbers is missing': missing(12),
    'a few in a very busy hour': missing(50, 1_000_000),
    'a pause': silentFor(5),
    'a gateway that often pauses for an hour': silentFor(90, { pauseMsLongest: 60 * minuteMs }),
    'a night in which nothing is expected': silentFor(300, { expectedSince: 3, surpriseOfSilence: 1 }),
    'one that sends no numbers': aGatewaySeen({ sequence: null }),
    'one that lives and says it emitted nothing, however long': silentFor(600, says(0)),
    'one that lives and emitted a handful that never came': silentFor(600, says(19)),
    'one that is gone at night, when nothing is expected': silentFor(300, {
      ...says(0, 295),
      expectedSince: 3,
    }),
  },
  cannotTell: {
    'a gateway of an hour': [silentFor(30, ofAnHour), 'needs a day of history'],
    'one of an hour that says no more that it lives': [
      silentFor(30, { ...says(0, 25), ...ofAnHour }),
      'needs a day of history',
    ],
  },
  knownGaps: {
    'a gateway that was taken out of service': [silentFor(240), 'fire'],
    'one that serves on, but says that it has nothing to report': [silentFor(600, says(0)), 'quiet'],
  },
});

test.each([{}, says(500), says(0, 40)])(
  'an outage that may be caught up with wakes nobody in its first hour: %j',
  (heard) => {
    expect(judgeFire(gatewayWentBlind, silentFor(45, heard)).score).toBeLessThan(3.75);
    expect(judgeFire(gatewayWentBlind, silentFor(75, heard)).score).toBeGreaterThan(3.75);
  },
);

test('heartbeats that are overdue never turn a silence quiet, nor does a word of more events', () => {
  const count = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      count,
      count,
      fc.integer({ min: 1, max: 600 }),
      (silent, emitted, more, overdue) => {
        const kind = (changes: Parameters<typeof silentFor>[1]) =>
          judge(gatewayWentBlind, silentFor(silent, changes)).kind;
        if (kind({}) === 'fire') expect(kind(says(0, overdue))).toBe('fire');
        if (kind(says(emitted)) === 'fire') expect(kind(says(emitted + more))).toBe('fire');
      },
    ),
  );
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
