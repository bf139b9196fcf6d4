import { Forecast, type ForecastState } from './forecast.ts';
import { JumpRate, type JumpRateState, Jumps, type JumpsState } from './jumps.ts';
import { Noise, type NoiseState } from './noise.ts';
import { TailCalibration, type TailCalibrationState } from './tail-calibration.ts';

const DAY_MS = 86_400_000;
/** How often noise does what only jumps should: where a deviation's tail is this small, it is a jump or not, evens. */
const JUMP_TAIL = 1e-3;
/** A rise to a level the series has had before is at worst this rare among its jumps. */
const KNOWN_LEVEL_TAIL = 0.5;
/** A level once reached stays known for about so long. */
const KNOWN_LEVEL_DAYS = 180;

/** Values beyond this are refused: profiles are kept in single precision. */
export const seriesValueMax = 1e30;

/** The score from which a value is worth a message: that of `messageSurprise`. */
export const defaultThreshold = 0.5;

/** What the model makes of one value. */
export interface Judgement {
  /** The value it expected. */
  expected: number;
  /** Values within these bounds are ordinary noise; outside they may still be jumps the series is known for. */
  lower: number;
  upper: number;
  /** -log10 of the chance of a value so far above (below) the expected one; 0 on the other side. */
  surpriseUp: number;
  surpriseDown: number;
  /** 0..1, grows with the larger surprise, as rare a day in every series; `defaultThreshold` is worth a message. */
  score: number;
  /** False in the first day: what it says then is capped by how little it has seen. */
  ready: boolean;
}

export interface SeriesModelState {
  version: 1;
  bucketMs: number;
  rows: number;
  lastAt: number | null;
  magnitude: number;
  high: number | null;
  forecast: ForecastState;
  noise: NoiseState;
  rise: JumpsState;
  fall: JumpsState;
  rate: JumpRateState;
  up: TailCalibrationState;
  down: TailCalibrationState;
}

export interface SeriesModel {
  /** What a value at this time would mean. Changes nothing. */
  judge(atMs: number, value: number): Judgement;
  /** Takes a value into the past. Jumps barely move scales and the usual day; a level that stays is followed. */
  learn(atMs: number, value: number): void;
  toJSON(): SeriesModelState;
}

/**
 * An online model of one series: counts, rates, temperatures, prices; with gaps, zeros, negative values. It sees
 * only the past, takes constant time a value and some 5 KB of state.
 *
 * A value is expected by a vote of forecasters, its deviation judged by a mixture of noise scales, the result
 * calibrated on the series' own past, and mixed with what the series' own jumps make likely:
 * P(this far) = P(no jump) P_noise + P(jump) P(jump this large).
 *
 * @param options.bucketMs time one value stands for
 * @throws RangeError for a bucket that is not positive and finite
 */
export function createSeriesModel(options: { bucketMs: number }): SeriesModel {
  if (!(options.bucketMs > 0) || options.bucketMs === Infinity) {
    throw new RangeError(`a bucket of ${options.bucketMs} ms`);
  }
  return new OnlineSeriesModel(options.bucketMs);
}

/**
 * The model that `toJSON` wrote down; its judgements are identical to those of the original.
 *
 * @throws RangeError when the state is of another version or damaged
 */
export function restoreSeriesModel(state: SeriesModelState): SeriesModel {
  if (state.version !== 1) throw new RangeError(`series model state of version ${String(state.version)}`);
  return new OnlineSeriesModel(state.bucketMs, state);
}

/**
 * Surprise (-log10 of the chance) from which a value is worth a message: 2.66 for rows of five to ten minutes. What happens
 * once in so many rows happens more often a day in shorter rows, but its alarms lie close together and make one message:
 * false messages a day grow with the rows to the power of 0.6. Measured: docs/detection/volume-engine.md.
 * @param bucketMs time one value stands for
 */
export function messageSurprise(bucketMs: number): number {
  const measuredMs = Math.min(600_000, Math.max(300_000, bucketMs));
  return 2.66 - 0.6 * Math.log10(bucketMs / measuredMs);
}

/** Score of a surprise: 0 at 0, one half at the surprise that is worth a message, towards 1 without end. */
export function scoreOfSurprise(surprise: number, worthAMessage: number): number {
  return surprise === Infinity ? 1 : surprise / (surprise + worthAMessage);
}

interface Reading {
  atMs: number;
  value: number;
  sinceMs: number;
  floor: number;
  expected: number;
  deviation: number;
  moved: boolean;
  nominal: number;
  jumpShare: number;
  surprise: number;
}

class OnlineSeriesModel implements SeriesModel {
  readonly #bucketMs: number;
  readonly #worthAMessage: number;
  readonly #forecast: Forecast;
  readonly #noise: Noise;
  readonly #rise: Jumps;
  readonly #fall: Jumps;
  readonly #rate: JumpRate;
  readonly #up: TailCalibration;
  readonly #down: TailCalibration;
  #rows: number;
  #lastAt: number | null;
  #magnitude: number;
  #high: number | null;
  #reading: Reading | null = null;

  constructor(bucketMs: number, state?: SeriesModelState) {
    this.#bucketMs = bucketMs;
    this.#worthAMessage = messageSurprise(bucketMs);
    this.#forecast = new Forecast(bucketMs, state?.forecast);
    this.#noise = new Noise(bucketMs, state?.noise);
    this.#rise = new Jumps(state?.rise);
    this.#fall = new Jumps(state?.fall);
    this.#rate = new JumpRate(bucketMs, state?.rate);
    this.#up = new TailCalibration(state?.up);
    this.#down = new TailCalibration(state?.down);
    this.#rows = state?.rows ?? 0;
    this.#lastAt = state?.lastAt ?? null;
    this.#magnitude = state?.magnitude ?? 0;
    this.#high = state?.high ?? null;
  }

  judge(atMs: number, value: number): Judgement {
    if (this.#rows === 0) {
      check(atMs, value);
      return {
        expected: value,
        lower: value,
        upper: value,
        surpriseUp: 0,
        surpriseDown: 0,
        score: 0,
        ready: false,
      };
    }
    const { expected, surprise } = this.#read(atMs, value);
    const ready = this.#rows >= this.#rowsPerDay;
    const rising = value > expected;
    return {
      expected,
      lower: expected - this.#noise.quantile(10 ** -this.#down.nominal(this.#worthAMessage)),
      upper: expected + this.#noise.quantile(10 ** -this.#up.nominal(this.#worthAMessage)),
      surpriseUp: rising ? surprise : 0,
      surpriseDown: rising ? 0 : surprise,
      score: scoreOfSurprise(surprise, this.#worthAMessage),
      ready,
    };
  }

  learn(atMs: number, value: number): void {
    if (this.#rows === 0) {
      check(atMs, value);
      this.#forecast.learn(atMs, this.#bucketMs, value, 1, 1);
      this.#magnitude = Math.abs(value);
    } else {
      this.#learn(this.#read(atMs, value));
    }
    this.#reading = null;
    this.#rows += 1;
    this.#lastAt = this.#lastAt === null ? atMs : Math.max(this.#lastAt, atMs);
    const fade = this.#bucketMs / (KNOWN_LEVEL_DAYS * DAY_MS);
    this.#high = this.#high === null || value > this.#high ? value : this.#high + (value - this.#high) * fade;
  }

  toJSON(): SeriesModelState {
    return {
      version: 1,
      bucketMs: this.#bucketMs,
      rows: this.#rows,
      lastAt: this.#lastAt,
      magnitude: this.#magnitude,
      high: this.#high,
      forecast: this.#forecast.toJSON(),
      noise: this.#noise.toJSON(),
      rise: this.#rise.toJSON(),
      fall: this.#fall.toJSON(),
      rate: this.#rate.toJSON(),
      up: this.#up.toJSON(),
      down: this.#down.toJSON(),
    };
  }

  get #rowsPerDay(): number {
    return DAY_MS / this.#bucketMs;
  }

  #learn({ atMs, value, sinceMs, floor, expected, deviation, moved, nominal, jumpShare }: Reading): void {
    const rising = value > expected;
    const [calibration, opposite] = rising ? [this.#up, this.#down] : [this.#down, this.#up];
    if (moved) {
      calibration.learn(nominal);
      opposite.learn(0);
      (rising ? this.#rise : this.#fall).learn(deviation, jumpShare);
    }
    const kept = this.#rate.learn(sinceMs, moved ? jumpShare : 0);
    this.#rise.forget(kept);
    this.#fall.forget(kept);
    const trust = moved ? 1 - jumpShare : 1;
    this.#forecast.learn(atMs, sinceMs, value, Math.max(this.#noise.typical, floor), trust);
    this.#noise.learn(atMs, expected, deviation, moved, trust);
    this.#magnitude += (Math.abs(value) - this.#magnitude) / Math.min(this.#rows, 7 * this.#rowsPerDay);
  }

  /** Judging and learning one value need the same figures: the last reading is kept. */
  #read(atMs: number, value: number): Reading {
    if (this.#reading !== null && this.#reading.atMs === atMs && this.#reading.value === value) {
      return this.#reading;
    }
    check(atMs, value);
    const sinceMs = this.#lastAt !== null && atMs > this.#lastAt ? atMs - this.#lastAt : this.#bucketMs;
    const expected = this.#forecast.expect(atMs, sinceMs);
    // What is below this is rounding, not movement.
    const floor = Math.max(1e-9 * this.#magnitude, 1e-300);
    this.#noise.face(atMs, expected, floor);
    const deviation = Math.abs(value - expected);
    const moved = deviation > floor;
    const tail = moved ? this.#noise.tail(deviation) : 1;
    const nominal = Math.min(300, -Math.log10(tail));
    const jumpShare = JUMP_TAIL / (JUMP_TAIL + tail);
    const surprise = moved ? this.#surprise(value, expected, deviation, nominal) : 0;
    this.#reading = { atMs, value, sinceMs, floor, expected, deviation, moved, nominal, jumpShare, surprise };
    return this.#reading;
  }

  #surprise(value: number, expected: number, deviation: number, nominal: number): number {
    const rising = value > expected;
    const noiseTail = 10 ** -(rising ? this.#up : this.#down).surprise(nominal);
    const jumps = rising ? this.#rise : this.#fall;
    const jumpChance = this.#rate.chance(jumps.count);
    const sizeTail = jumps.sizeTail(deviation, this.#noise.slow);
    const known = rising && this.#high !== null && value <= this.#high;
    const jumpTail = known ? Math.max(sizeTail, KNOWN_LEVEL_TAIL) : sizeTail;
    const tail = (1 - jumpChance) * noiseTail + jumpChance * jumpTail;
    const surprise = Math.max(0, -Math.log10(Math.max(tail, 1e-300)));
    // In the first day a new record among n values has chance 1/(n+1) whatever the model believes.
    return this.#rows < this.#rowsPerDay ? Math.min(surprise, Math.log10(this.#rows + 1)) : surprise;
  }
}

function check(atMs: number, value: number): void {
  if (!Number.isFinite(atMs)) throw new RangeError(`a value at time ${atMs}`);
  if (!(Math.abs(value) <= seriesValueMax)) throw new RangeError(`a value of ${value}`);
}
