/** Series for the tests: made up, seeded, the same on every machine. */

export interface MadeUpSeries {
  bucketMs: number;
  values: number[];
}

export interface Chance {
  /** Uniform in 0..1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

const DAY_MS = 86_400_000;
const FIVE_MINUTES = 300_000;

/** Mulberry32 with Box and Muller's normal variates. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function generate(days: number, bucketMs: number, at: (i: number, dayShare: number) => number): MadeUpSeries {
  const rows = Math.round((days * DAY_MS) / bucketMs);
  const values = Array.from({ length: rows }, (_, i) => at(i, ((i * bucketMs) % DAY_MS) / DAY_MS));
  return { bucketMs, values };
}

/** Noise around a constant. */
export function steadyNoise(seed: number, days = 14): MadeUpSeries {
  const chance = seededChance(seed);
  return generate(days, FIVE_MINUTES, () => 20 + 5 * chance.normal());
}

/** Counts with a daily rhythm and some over-dispersion, like the requests of a busy application. */
export function dailyCounts(seed: number, days = 14, bucketMs = FIVE_MINUTES): MadeUpSeries {
  const chance = seededChance(seed);
  return generate(days, bucketMs, (_, share) => {
    const mean = 400 * (1 + 0.7 * Math.sin(2 * Math.PI * (share - 0.3)));
    return Math.max(0, Math.round(mean * (1 + 0.05 * chance.normal()) + Math.sqrt(mean) * chance.normal()));
  });
}

/** A batch client: off for hours, then a few values of very different size. */
export function batchClient(seed: number, days = 28): MadeUpSeries {
  const chance = seededChance(seed);
  let left = 0;
  let size = 0;
  return generate(days, 600_000, () => {
    if (left === 0 && chance.uniform() < 0.02) {
      left = 1 + Math.floor(chance.uniform() * 6);
      size = Math.exp(7 + 0.5 * chance.normal());
    }
    if (left === 0) return 0;
    left -= 1;
    return Math.round(size * (0.8 + 0.4 * chance.uniform()));
  });
}

/** A machine's temperature: slow autoregression, fractional, no rhythm. */
export function machineTemperature(seed: number, days = 30): MadeUpSeries {
  const chance = seededChance(seed);
  let drift = 0;
  return generate(days, FIVE_MINUTES, () => {
    drift = 0.995 * drift + 0.5 * chance.normal();
    return 85 + drift;
  });
}

/** Values that only add up steps: nothing but the last one says anything about the next. */
export function randomWalk(seed: number, days = 14): MadeUpSeries {
  const chance = seededChance(seed);
  let value = 0;
  return generate(days, FIVE_MINUTES, () => {
    value += chance.normal();
    return value;
  });
}

/** Log-normal values: honest spikes all the time. */
export function heavyTail(seed: number, days = 14): MadeUpSeries {
  const chance = seededChance(seed);
  return generate(days, FIVE_MINUTES, () => Math.exp(2 + chance.normal()));
}

/** Office hours on workdays only, one value an hour. */
export function officeHours(seed: number, days = 56): MadeUpSeries {
  const chance = seededChance(seed);
  return generate(days, 3_600_000, (i, share) => {
    const workday = Math.floor(i / 24) % 7 < 5;
    const open = workday && share >= 9 / 24 && share < 17 / 24;
    return (open ? 300 : 20) + (open ? 15 : 3) * chance.normal();
  });
}

/** The series with `change` applied to its values from row `from` on, for `rows` rows. */
export function changed(
  series: MadeUpSeries,
  from: number,
  rows: number,
  change: (value: number, i: number) => number,
): MadeUpSeries {
  const values = series.values.map((value, i) =>
    i >= from && i < from + rows ? change(value, i - from) : value,
  );
  return { ...series, values };
}
