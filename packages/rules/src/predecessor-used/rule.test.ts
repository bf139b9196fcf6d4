import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { predecessorUsed } from './rule.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-03-02T10:00:00.000Z');
const rotatedBefore = (hours: number) => ({ rotated_at: new Date(now - hours * hourMs).toISOString() });

describeRule(predecessorUsed, {
  fires: {
    'three days after its successor took over': aKeySeen({ key: rotatedBefore(72) }),
    'half a year after': aKeySeen({ key: rotatedBefore(4_300) }),
  },
  staysQuiet: {
    'a key without a successor': aKeySeen(),
    'while both may be used': aKeySeen({ key: rotatedBefore(30) }),
    'at the very end of that': aKeySeen({ key: rotatedBefore(48) }),
    'a predecessor that is refused': aKeySeen({
      key: rotatedBefore(72),
      fresh: { requests: 3, accepted: 0, denied: 3 },
    }),
    'before a rotation that is planned': aKeySeen({ key: rotatedBefore(-24) }),
  },
  cannotTell: {
    'a key that no issuer told of': [aKeySeen({ key: null }), 'the issuer has not told us about the key'],
  },
  knownGaps: {
    'a job that missed the rotation': [aKeySeen({ key: rotatedBefore(72) }), 'fire'],
    'a thief who uses the key within the overlap': [aKeySeen({ key: rotatedBefore(24) }), 'quiet'],
  },
});

test('once the overlap is over the key stays told of, however much later', () => {
  fc.assert(
    fc.property(fc.double({ min: 48.01, max: 20_000, noNaN: true }), (hours) => {
      expect(judge(predecessorUsed, aKeySeen({ key: rotatedBefore(hours) })).kind).toBe('fire');
    }),
  );
});

test('a finding says when the overlap ended', () => {
  const { expected } = judgeFire(predecessorUsed, aKeySeen({ key: rotatedBefore(72) }));
  expect(expected).toEqual({ accepted: 0, overlap_ended_at: '2026-03-01T10:00:00.000Z' });
});
