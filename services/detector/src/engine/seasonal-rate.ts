import { packFloats, unpackFloats } from './packed-floats.ts';
import { TailIndex, type TailIndexJson } from './tail-index.ts';

const hourMs = 3_600_000;
const hoursPerWeek = 168;

/**
 * Requests an hour that a key makes at a time of the week, learnt from closed hours and forgetting slowly.
 *
 * Three levels borrow from each other: the hour of the week from the hour of the day, that from the overall rate
 * (Gamma-Poisson shrinkage with pseudo-hours), so that a key of three days has a daily rhythm and one of three weeks
 * a weekly one. The spread between windows and expectation gives the size parameter of a negative binomial by the
 * method of moments (Anscombe 1949, "The statistical analysis of insect counts based on the negative binomial").
 */
export class SeasonalRate {
  // Single precision: a profile has 384 of these, and a large installation a million profiles.
  #week = new Float32Array(2 * hoursPerWeek);
  #day = new Float32Array(2 * 24);
  #all = { sum: 0, hours: 0 };
  #excess = { squares: 0, means: 0 };
  #peak = 0;
  #windows = 0;
  readonly #tail = new TailIndex();
  /** The rate of the hour asked for last; between two lessons it is asked for at every tick. */
  #asked = { hour: Number.NaN, rate: 0 };

  static readonly windowsPerHour = 4;
  static readonly windowMs = hourMs / SeasonalRate.windowsPerHour;
  /** What a slot keeps each time it comes round again. */
  static readonly #keepWeek = 0.9;
  static readonly #keepDay = 0.97;
  static readonly #keepHour = 1 - 1 / 1_500;
  static readonly #keepWindow = 1 - 1 / 4_000;
  /** Pseudo-hours by which a level leans on the one above it. */
  static readonly #leanWeek = 1.5;
  static readonly #leanDay = 2;
  /** Growth that one hour may teach, as a multiple of what was expected plus a floor. */
  static readonly #growthMax = 4;
  static readonly #growthFloor = 20;

  /** Past windows that the baseline rests on. */
  get windows(): number {
    return this.#windows;
  }

  /** Most requests in one window so far, forgetting slowly. */
  get peak(): number {
    return this.#peak;
  }

  /** Pareto tail index of the key's busy windows; small means that bursts far above the record are to be expected. */
  get tailIndex(): number {
    return this.#tail.index;
  }

  /** Requests in an average hour. */
  get average(): number {
    return (this.#all.sum + 0.5) / (this.#all.hours + 1);
  }

  /** Size parameter of the negative binomial predictive of a window. */
  get shape(): number {
    const { squares, means } = this.#excess;
    const excess = (squares + 2) / (means + 2);
    return 1 / Math.min(20, Math.max(0.01, excess));
  }

  /** Requests to expect between two times, at most a few hours apart. */
  expected(from: number, to: number): number {
    const middle = (from + to) / 2;
    return (this.#rate(middle) * (to - from)) / hourMs;
  }

  /** Teaches one closed window (a quarter of an hour) and what was expected of it. */
  learnWindow(from: number, requests: number): void {
    const expected = this.expected(from, from + SeasonalRate.windowMs);
    const taught = Math.min(requests, expected * SeasonalRate.#growthMax + SeasonalRate.#growthFloor);
    this.#windows = this.#windows * SeasonalRate.#keepWindow + 1;
    this.#peak = Math.max(requests, this.#peak * SeasonalRate.#keepWindow);
    if (requests > 0) this.#tail.learn(requests);
    if (this.#all.hours >= 6) {
      const keep = SeasonalRate.#keepWindow;
      this.#excess.squares =
        this.#excess.squares * keep + Math.max(-expected, (taught - expected) ** 2 - expected);
      this.#excess.means = this.#excess.means * keep + expected ** 2;
    }
  }

  /**
   * Notes a closed window that was flagged: it teaches no rate, and lifts the record by half (on a logarithmic scale),
   * so that a level that comes again and again is not told of for ever.
   */
  noteFlaggedWindow(requests: number): void {
    if (requests > this.#peak) this.#peak = Math.sqrt(requests * Math.max(1, this.#peak));
  }

  /** Teaches one closed hour. A rise far above expectation teaches only a bounded part of itself. */
  learnHour(from: number, requests: number): void {
    const expected = this.#rate(from + hourMs / 2);
    const taught =
      this.#all.hours < 6
        ? requests
        : Math.min(requests, expected * SeasonalRate.#growthMax + SeasonalRate.#growthFloor);
    const hour = Math.floor(from / hourMs);
    teach(this.#week, hour % hoursPerWeek, SeasonalRate.#keepWeek, taught);
    teach(this.#day, hour % 24, SeasonalRate.#keepDay, taught);
    this.#all.sum = this.#all.sum * SeasonalRate.#keepHour + taught;
    this.#all.hours = this.#all.hours * SeasonalRate.#keepHour + 1;
    this.#asked.hour = Number.NaN;
  }

  /** Requests an hour at a time, the neighbouring hours weighing in by half. */
  #rate(at: number): number {
    const hour = Math.floor(at / hourMs);
    if (hour === this.#asked.hour) return this.#asked.rate;
    const rate = 0.5 * this.#slot(hour) + 0.25 * (this.#slot(hour - 1) + this.#slot(hour + 1));
    this.#asked = { hour, rate };
    return rate;
  }

  #slot(hour: number): number {
    const overall = this.average;
    const dayAt = 2 * (((hour % 24) + 24) % 24);
    const daySum = this.#day[dayAt]!;
    const dayHours = this.#day[dayAt + 1]!;
    const daily = (daySum + SeasonalRate.#leanDay * overall) / (dayHours + SeasonalRate.#leanDay);
    const weekAt = 2 * (((hour % hoursPerWeek) + hoursPerWeek) % hoursPerWeek);
    const weekSum = this.#week[weekAt]!;
    const weekHours = this.#week[weekAt + 1]!;
    return (weekSum + SeasonalRate.#leanWeek * daily) / (weekHours + SeasonalRate.#leanWeek);
  }

  toJSON(): SeasonalRateJson {
    return {
      week: packFloats(this.#week),
      day: packFloats(this.#day),
      all: [this.#all.sum, this.#all.hours],
      excess: [this.#excess.squares, this.#excess.means],
      peak: this.#peak,
      windows: this.#windows,
      tail: this.#tail.toJSON(),
    };
  }

  static fromJSON(json: SeasonalRateJson): SeasonalRate {
    const rate = new SeasonalRate();
    rate.#week = unpackFloats(json.week, 2 * hoursPerWeek);
    rate.#day = unpackFloats(json.day, 2 * 24);
    rate.#all = { sum: json.all[0], hours: json.all[1] };
    rate.#excess = { squares: json.excess[0], means: json.excess[1] };
    rate.#peak = json.peak;
    rate.#windows = json.windows;
    rate.#tail.restore(json.tail);
    return rate;
  }
}

/** Sums and weights of the slots, in pairs; profiles of earlier releases have them as numbers. */
export interface SeasonalRateJson {
  week: string | number[];
  day: string | number[];
  all: [number, number];
  excess: [number, number];
  peak: number;
  windows: number;
  tail: TailIndexJson;
}

function teach(slots: Float32Array, slot: number, keep: number, value: number): void {
  slots[2 * slot] = slots[2 * slot]! * keep + value;
  slots[2 * slot + 1] = slots[2 * slot + 1]! * keep + 1;
}
