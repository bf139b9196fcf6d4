import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { keyWentSilent } from './rule.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-03-02T10:00:00.000Z');

/** A key that is always in use and has been silent for some hours, `perHour` requests missing in each. */
function silentFor(hours: number, changes: Parameters<typeof aKeySeen>[0] & { perHour?: number } = {}) {
  const { perHour = 400, ...rest } = changes;
  return aKeySeen({
    fresh: { requests: 0, accepted: 0 },
    window: { requests: 0 },
    silence: {
      lastSeenAt: now - hours * hourMs,
      silentMs: hours * hourMs,
      expected: hours * perHour,
      surprise: hours * 6,
    },
    ...rest,
    history: { idleMsBefore: 0, idleMsLongest: 0, idleCount: 0, ...rest.history },
  });
}

describeRule(keyWentSilent, {
  fires: {
    'a lead flow that never paused is silent for three hours': silentFor(3),
    'one that paused for half an hour at most': silentFor(6, {
      history: { idleMsLongest: 0.5 * hourMs, idleCount: 12 },
    }),
  },
  staysQuiet: {
    'a key in use': aKeySeen(),
    'a pause of an hour': silentFor(1),
    'a key of which little is expected': silentFor(6, { perHour: 5 }),
    'a key of a week': silentFor(6, { history: { activeDays: 7 } }),
    'a key that pauses every night': silentFor(10, {
      history: { idleMsLongest: 14 * hourMs, idleCount: 40 },
    }),
    'a key that was revoked': silentFor(6, {
      key: { status: 'revoked', revoked_at: '2026-03-02T04:00:00.000Z' },
    }),
    'a key whose successor took over': silentFor(6, { key: { rotated_at: '2026-03-02T04:00:00.000Z' } }),
    'a key that has expired': silentFor(6, { key: { expires_at: '2026-03-02T04:00:00.000Z' } }),
    'a key that was disabled without a date': silentFor(6, { key: { status: 'disabled' } }),
  },
  cannotTell: {
    'a flow that stops while a gateway is blind': [
      silentFor(6, {
        silence: {
          lastSeenAt: now - 6 * hourMs,
          silentMs: 6 * hourMs,
          expected: 2_400,
          surprise: 36,
          gatewaysBlind: 1,
        },
      }),
      'a gateway is blind',
    ],
  },
  knownGaps: {
    'a flow that dries up slowly': [aKeySeen({ volume: { observed: 3 } }), 'quiet'],
    'a planned shutdown': [silentFor(6), 'fire'],
  },
});

test('a longer silence never turns a firing key quiet, nor lowers its score', () => {
  const hours = fc.double({ min: 0.1, max: 72, noNaN: true });
  fc.assert(
    fc.property(hours, hours, fc.double({ min: 0, max: 20, noNaN: true }), (silent, more, longest) => {
      const history = { idleMsLongest: longest * hourMs, idleCount: 10 };
      const before = judge(keyWentSilent, silentFor(silent, { history }));
      if (before.kind !== 'fire') return;
      const after = judgeFire(keyWentSilent, silentFor(silent + more, { history }));
      expect(after.score).toBeGreaterThanOrEqual(before.score);
    }),
  );
});

test('a silence no longer than the longest pause so far is quiet, whatever is missing', () => {
  fc.assert(
    fc.property(fc.double({ min: 2, max: 72, noNaN: true }), (hours) => {
      const history = { idleMsLongest: hours * hourMs, idleCount: 1 };
      expect(judge(keyWentSilent, silentFor(hours, { history, perHour: 1e6 })).kind).toBe('quiet');
    }),
  );
});
