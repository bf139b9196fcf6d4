import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  batchClient,
  changed,
  dailyCounts,
  heavyTail,
  type MadeUpSeries,
  machineTemperature,
  officeHours,
  randomWalk,
  steadyNoise,
} from './made-up-series.ts';
import {
  createSeriesModel,
  defaultThreshold,
  messageSurprise,
  restoreSeriesModel,
  type SeriesModel,
  type SeriesModelState,
  scoreOfSurprise,
  seriesValueMax,
} from './series-model.ts';

const START_MS = Date.UTC(2024, 0, 1);
function scores({ bucketMs, values }: MadeUpSeries): number[] {
  const model = createSeriesModel({ bucketMs });
  return values.map((value, i) => {
    const { score } = model.judge(START_MS + i * bucketMs, value);
    model.learn(START_MS + i * bucketMs, value);
    return score;
  });
}

function alarms(series: MadeUpSeries, from = 0, to = series.values.length): number[] {
  return scores(series).flatMap((score, i) => (i >= from && i < to && score >= defaultThreshold ? [i] : []));
}

describe('what is worth a message', () => {
  test('a tenfold surge of a daily rhythm is seen in its first row, and told once', () => {
    const series = changed(dailyCounts(1), 3000, 12, (value) => value * 10);
    const told = alarms(series, 2900, 3012);
    expect(told[0]).toBe(3000);
    expect(told.length).toBeLessThan(4);
  });

  test('a busy application that falls silent is seen in the first row', () => {
    expect(
      alarms(
        changed(dailyCounts(2), 3000, 6, () => 0),
        2900,
        3006,
      )[0],
    ).toBe(3000);
  });

  test('a batch client at ten times its largest batch is seen, its ordinary batches are not', () => {
    const series = batchClient(4);
    const largest = Math.max(...series.values.slice(0, 3000));
    expect(
      alarms(
        changed(series, 3000, 4, () => 10 * largest),
        3000,
        3004,
      )[0],
    ).toBe(3000);
    expect(alarms(series, 1000).length).toBeLessThan(4);
  });

  test('the first change of what has always been constant is seen', () => {
    const series = changed({ bucketMs: 300_000, values: new Array(3000).fill(5) }, 2500, 20, () => 7);
    expect(alarms(series)[0]).toBe(2500);
  });

  test('a machine whose temperature drops out of its range is seen', () => {
    const series = changed(machineTemperature(5), 6000, 60, (value, i) => value - Math.min(40, 4 * i));
    expect(alarms(series, 5900, 6060).length).toBeGreaterThan(0);
  });

  test('negative, fractional and hourly series are judged like any other', () => {
    const office = officeHours(6);
    const negated = { ...office, values: office.values.map((value) => -value / 1000) };
    const at = 40 * 24 + 3;
    expect(scores(changed(negated, at, 3, () => -3))[at]).toBeGreaterThanOrEqual(defaultThreshold);
  });
});

describe('what is not', () => {
  test.each([
    ['steady noise', steadyNoise(11, 28)],
    ['a daily rhythm of counts', dailyCounts(12, 28)],
    ['a daily rhythm, row by minute', dailyCounts(13, 10, 60_000)],
    ['a random walk', randomWalk(14, 28)],
    ['a machine temperature', machineTemperature(15, 28)],
    ['log-normal spikes', heavyTail(16, 28)],
    ['office hours', officeHours(17, 84)],
    ['a batch client', batchClient(18, 28)],
  ])('%s raises hardly a message a month', (_, series) => {
    expect(alarms(series).length).toBeLessThanOrEqual(3);
  });

  test('the first day raises none, whatever it brings', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 288 }), (values) => {
        expect(alarms({ bucketMs: 300_000, values })).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('a new level is told at its start and followed from then on', () => {
    const series = changed(dailyCounts(21, 20), 3000, Infinity, (value) => value * 3);
    expect(alarms(series, 2990, 3002)[0]).toBe(3000);
    expect(alarms(series, 3288).length).toBeLessThan(2);
  });

  test('a gap of two days does not make the value after it strange', () => {
    const { values, bucketMs } = dailyCounts(22, 20);
    const model = createSeriesModel({ bucketMs });
    const told: number[] = [];
    for (const [i, value] of values.entries()) {
      if (i >= 3000 && i < 3000 + 576 + 80) continue;
      const at = START_MS + i * bucketMs;
      if (model.judge(at, value).score >= defaultThreshold) told.push(i);
      model.learn(at, value);
    }
    expect(told.filter((i) => i >= 3656 && i < 3700)).toEqual([]);
  });
});

describe('known gaps', () => {
  test('a rise at night to what is usual at noon is noticed but not told: that is the work of the off-hours rule', () => {
    const midnight = 20 * 288 + 12;
    const score = scores(changed(dailyCounts(3, 21), midnight, 6, () => 680))[midnight];
    expect(score).toBeGreaterThan(0.4);
    expect(score).toBeLessThan(defaultThreshold);
  });

  test('noise that freezes is not seen: every single value is one that was expected', () => {
    expect(
      alarms(
        changed(steadyNoise(31), 2800, 200, () => 20),
        2800,
        3000,
      ),
    ).toEqual([]);
  });

  test('a rise spread over weeks is followed, not told: that is the work of the slow-ramp rule', () => {
    const series = changed(dailyCounts(32, 42), 14 * 288, 28 * 288, (value, i) =>
      Math.round(value * (1 + i / (14 * 288))),
    );
    expect(alarms(series, 14 * 288).length).toBeLessThan(5);
  });
});

const history = fc.array(
  fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.integer({ min: 0, max: 50 }),
    fc.constant(0),
    fc.constantFrom(1e-300, -seriesValueMax, seriesValueMax),
  ),
  { minLength: 1, maxLength: 400 },
);
// Within what single precision tells apart.
const tame = fc.array(
  fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 100),
  { minLength: 2, maxLength: 300 },
);
const bucket = fc.constantFrom(60_000, 300_000, 420_000, 3_600_000);

function learnt(values: readonly number[], bucketMs: number): SeriesModel {
  const model = createSeriesModel({ bucketMs });
  for (const [i, value] of values.entries()) model.learn(START_MS + i * bucketMs, value);
  return model;
}

function judged(model: SeriesModel, values: readonly number[], bucketMs: number, value: number) {
  return model.judge(START_MS + values.length * bucketMs, value);
}

describe('laws', () => {
  test('more never lowers the surprise of much, less never that of little', () => {
    fc.assert(
      fc.property(
        tame,
        bucket,
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (values, bucketMs, value, more) => {
          const model = learnt(values, bucketMs);
          const low = judged(model, values, bucketMs, value);
          const high = judged(model, values, bucketMs, value + more);
          expect(high.surpriseUp).toBeGreaterThanOrEqual(low.surpriseUp - 1e-9);
          expect(high.surpriseDown).toBeLessThanOrEqual(low.surpriseDown + 1e-9);
        },
      ),
    );
  });

  test('a series in other units is judged alike', () => {
    fc.assert(
      fc.property(tame, bucket, fc.constantFrom(0.001, 60, 1024), (values, bucketMs, unit) => {
        const plain = learnt(values, bucketMs);
        const scaledValues = values.map((value) => value * unit);
        const scaled = learnt(scaledValues, bucketMs);
        for (const value of [0, 3, -250, 9e4]) {
          const one = judged(plain, values, bucketMs, value);
          const other = judged(scaled, scaledValues, bucketMs, value * unit);
          expect(Math.abs(other.score - one.score)).toBeLessThan(1e-3);
        }
      }),
    );
  });

  test('a model written down and read back judges identically, then and later', () => {
    fc.assert(
      fc.property(history, history, bucket, (before, after, bucketMs) => {
        const original = learnt(before, bucketMs);
        const restored = restoreSeriesModel(JSON.parse(JSON.stringify(original)) as SeriesModelState);
        for (const [i, value] of after.entries()) {
          const at = START_MS + (before.length + i) * bucketMs;
          expect(restored.judge(at, value)).toEqual(original.judge(at, value));
          original.learn(at, value);
          restored.learn(at, value);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('judging changes nothing', () => {
    fc.assert(
      fc.property(history, bucket, (values, bucketMs) => {
        const model = learnt(values, bucketMs);
        const before = JSON.stringify(model);
        judged(model, values, bucketMs, 7);
        expect(JSON.stringify(model)).toBe(before);
      }),
      { numRuns: 30 },
    );
  });

  test('no judgement is ever NaN, at whatever times values come', () => {
    const step = fc.constantFrom(0, -300_000, 1, 300_000, 86_400_000, 400 * 86_400_000);
    fc.assert(
      fc.property(fc.array(fc.tuple(step, history), { maxLength: 4 }), bucket, (pieces, bucketMs) => {
        const model = createSeriesModel({ bucketMs });
        let at = START_MS;
        for (const [gap, values] of pieces) {
          for (const value of values) {
            at += gap;
            const { ready, ...numbers } = model.judge(at, value);
            for (const number of Object.values(numbers)) expect(number).not.toBeNaN();
            expect(numbers.score).toBeGreaterThanOrEqual(0);
            expect(numbers.score).toBeLessThanOrEqual(1);
            expect(numbers.lower).toBeLessThanOrEqual(numbers.expected);
            expect(numbers.upper).toBeGreaterThanOrEqual(numbers.expected);
            expect(typeof ready).toBe('boolean');
            model.learn(at, value);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('values inside the bounds never reach the threshold', () => {
    fc.assert(
      fc.property(tame, bucket, fc.double({ min: 0, max: 1, noNaN: true }), (values, bucketMs, share) => {
        const model = learnt(values, bucketMs);
        const { lower, upper } = judged(model, values, bucketMs, 0);
        const inside = lower + share * (upper - lower);
        fc.pre(Math.abs(inside) <= seriesValueMax);
        expect(judged(model, values, bucketMs, inside).score).toBeLessThan(defaultThreshold + 5e-3);
      }),
    );
  });
});

test('the score is one half where a message begins, and one at the end', () => {
  const each = [1, 5, 10, 60].map((minutes) => messageSurprise(minutes * 60_000));
  expect(each.map((surprise) => surprise.toFixed(2))).toEqual(['3.08', '2.66', '2.66', '2.19']);
  for (const at of each)
    expect([0, at, Infinity].map((one) => scoreOfSurprise(one, at))).toEqual([0, 0.5, 1]);
});

test('a year of five-minute rows leaves a state of a few kilobytes', () => {
  const model = learnt(dailyCounts(41, 21).values, 300_000);
  expect(JSON.stringify(model).length).toBeLessThan(6_000);
});

test('what cannot be judged is refused', () => {
  expect(() => createSeriesModel({ bucketMs: 0 })).toThrow(RangeError);
  const model = createSeriesModel({ bucketMs: 60_000 });
  expect(() => model.judge(START_MS, Number.NaN)).toThrow(RangeError);
  expect(() => model.learn(Number.NaN, 1)).toThrow(RangeError);
  expect(() => restoreSeriesModel({ ...model.toJSON(), version: 2 as 1 })).toThrow(RangeError);
});
