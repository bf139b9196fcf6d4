import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Calibration, calibrate } from './calibration.ts';
import { ScoreTally, thresholds } from './score-tally.ts';

const rule = { id: 'made-up', scoreMin: 2, stretchMs: 1 };

/** A rule whose chances are uniform, as chances have to be, but off by a factor. */
function ofUniformChances(seed: number, factor: number, judged = 20_000): Calibration {
  const tally = new ScoreTally(1);
  // mulberry32, a generator of 32 bits
  let state = seed;
  for (let at = 0; at < judged; at++) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const uniform = (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
    tally.note('key', 'steady', at, Math.max(0, -Math.log10(uniform * factor)));
  }
  const [[keyClass, count]] = tally.finish() as [ReturnType<ScoreTally['finish']>[number]];
  return calibrate(rule, keyClass, count);
}

test('chances that are uniform come out calibrated, and too loud or too quiet when they are off by a power of ten', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(ofUniformChances(seed, 1).verdict).toBe('calibrated');
      expect(ofUniformChances(seed, 0.1).verdict).toBe('too loud');
      expect(ofUniformChances(seed, 10).verdict).toBe('too quiet');
    }),
    { numRuns: 20 },
  );
});

test('the share and its interval are those of the stretches judged', () => {
  const count = { judged: 2_000, couldNotTell: 7, reached: [200, 24, 0, 0, 0] };
  const { shares, judged, couldNotTell } = calibrate(rule, 'busy', count);
  expect({ judged, couldNotTell }).toEqual({ judged: 2_000, couldNotTell: 7 });
  expect(shares.map(({ expected }) => expected)).toEqual([...thresholds]);
  expect(shares[1]).toMatchObject({ reached: 24, observed: 0.012, verdict: 'calibrated' });
  expect(shares[1]!.low).toBeCloseTo(0.0077, 4);
  expect(shares[1]!.high).toBeCloseTo(0.0178, 4);
});

test('a class with too few stretches is not judged, unless it is loud all the same', () => {
  const few = calibrate(rule, 'sparse', { judged: 400, couldNotTell: 0, reached: [40, 1, 1, 0, 0] });
  expect(few.verdict).toBe('too few');
  const loud = calibrate(rule, 'sparse', { judged: 400, couldNotTell: 0, reached: [60, 40, 9, 0, 0] });
  expect(loud.verdict).toBe('too loud');
});

test('scores with which the rule never speaks do not count', () => {
  const count = { judged: 10_000, couldNotTell: 0, reached: [9_000, 100, 10, 1, 0] };
  expect(calibrate(rule, 'steady', count).verdict).toBe('calibrated');
});

test('a rule that never saw anything is not judged', () => {
  const count = { judged: 0, couldNotTell: 12, reached: [0, 0, 0, 0, 0] };
  expect(calibrate(rule, 'steady', count).verdict).toBe('too few');
});
