import { packFloats, unpackFloats } from './packed-floats.ts';

const DAY_MS = 86_400_000;
const SLOTS_MAX = 288;
/** Horizons of the moving levels: what the last quarter hour, hour and four hours were like. */
const SPANS_MS = [900_000, 3_600_000, 14_400_000] as const;
/** Days over which a slot of the daily profile forgets. */
const PROFILE_DAYS = 7;
/** A mistake of an expert counts at most this many typical deviations: one outlier must not dethrone it. */
const LOSS_MAX = 4;
/** After this long a silence the moving levels say nothing about now. */
const STALE_MS = 3 * 3_600_000;

export interface ForecastState {
  last: number;
  levels: number[];
  offsets: number[];
  dayOffset: number;
  losses: number[];
  /** Mean value of each slot of the day, packed. */
  profile: string;
  /** How many values each slot has seen, up to its memory, packed. */
  seen: string;
}

/**
 * Expects the next value by a vote of simple forecasters: the last value, levels over three horizons, and the
 * same levels read as offsets from the usual day (UTC). Each votes by how well it did over the last day
 * (exponentially weighted average forecaster: Cesa-Bianchi & Lugosi 2006, "Prediction, Learning, and Games",
 * chapter 2), so one engine suits a random walk, a noisy constant and a strict daily rhythm.
 */
export class Forecast {
  readonly #bucketMs: number;
  readonly #slots: number;
  readonly #profile: Float32Array;
  readonly #seen: Float32Array;
  readonly #levels: number[];
  readonly #offsets: number[];
  readonly #losses: number[];
  readonly #votes: Float64Array;
  #last: number;
  #dayOffset: number;
  #known: boolean;

  constructor(bucketMs: number, state?: ForecastState) {
    this.#bucketMs = bucketMs;
    this.#slots = Math.max(1, Math.min(SLOTS_MAX, Math.round(DAY_MS / bucketMs)));
    this.#profile = state ? unpackFloats(state.profile, this.#slots) : new Float32Array(this.#slots);
    this.#seen = state ? unpackFloats(state.seen, this.#slots) : new Float32Array(this.#slots);
    this.#levels = state ? [...state.levels] : SPANS_MS.map(() => 0);
    this.#offsets = state ? [...state.offsets] : SPANS_MS.map(() => 0);
    this.#losses = state ? [...state.losses] : new Array<number>(2 + 2 * SPANS_MS.length).fill(0);
    this.#votes = new Float64Array(this.#losses.length);
    this.#last = state?.last ?? 0;
    this.#dayOffset = state?.dayOffset ?? 0;
    this.#known = state !== undefined;
  }

  /** The value expected at `atMs`, when the value before came `sinceMs` earlier. */
  expect(atMs: number, sinceMs: number): number {
    this.#cast(atMs, sinceMs);
    let least = Infinity;
    for (const loss of this.#losses) if (loss < least) least = loss;
    let sum = 0;
    let weights = 0;
    for (let i = 0; i < this.#losses.length; i += 1) {
      const weight = Math.exp(least - (this.#losses[i] ?? 0));
      weights += weight;
      sum += weight * (this.#votes[i] ?? 0);
    }
    return sum / weights;
  }

  /**
   * @param deviation typical deviation here, > 0: the unit in which forecasters are compared
   * @param trust 0..1, how far this value speaks for the usual day; a jump does not
   */
  learn(atMs: number, sinceMs: number, value: number, deviation: number, trust: number): void {
    if (!this.#known) {
      this.#known = true;
      this.#last = value;
      this.#levels.fill(value);
      return;
    }
    this.#cast(atMs, sinceMs);
    const kept = Math.max(0, 1 - this.#bucketMs / DAY_MS);
    for (let i = 0; i < this.#losses.length; i += 1) {
      const miss = Math.min(LOSS_MAX, Math.abs(value - (this.#votes[i] ?? 0)) / deviation);
      this.#losses[i] = (this.#losses[i] ?? 0) * kept + miss;
    }
    const slot = this.#slotOf(atMs);
    const seen = this.#seen[slot] ?? 0;
    const usual = this.#profile[slot] ?? 0;
    const stale = sinceMs > STALE_MS;
    for (const [i, span] of SPANS_MS.entries()) {
      const gain = stale ? 1 : 1 - Math.exp((-2 * sinceMs) / span);
      this.#levels[i] = (this.#levels[i] ?? 0) + gain * (value - (this.#levels[i] ?? 0));
      if (seen > 0)
        this.#offsets[i] = (this.#offsets[i] ?? 0) + gain * (value - usual - (this.#offsets[i] ?? 0));
    }
    if (seen > 0) {
      this.#dayOffset +=
        (1 - Math.exp(-Math.min(sinceMs, STALE_MS) / DAY_MS)) * (value - usual - this.#dayOffset);
    }
    const perDay = Math.max(1, DAY_MS / this.#slots / this.#bucketMs);
    const count = Math.min(seen + 1, PROFILE_DAYS * perDay);
    this.#profile[slot] = seen === 0 ? value : usual + (trust * (value - usual)) / count;
    this.#seen[slot] = count;
    this.#last = value;
  }

  toJSON(): ForecastState {
    return {
      last: this.#last,
      levels: [...this.#levels],
      offsets: [...this.#offsets],
      dayOffset: this.#dayOffset,
      losses: [...this.#losses],
      profile: packFloats(this.#profile),
      seen: packFloats(this.#seen),
    };
  }

  #cast(atMs: number, sinceMs: number): void {
    const slot = this.#slotOf(atMs);
    const usual = (this.#seen[slot] ?? 0) > 0 ? (this.#profile[slot] ?? 0) : undefined;
    const stale = usual !== undefined && sinceMs > STALE_MS;
    const settled = stale ? usual + this.#dayOffset : undefined;
    const spans = SPANS_MS.length;
    this.#votes[0] = settled ?? this.#last;
    for (let i = 0; i < spans; i += 1) {
      const level = settled ?? this.#levels[i] ?? 0;
      this.#votes[1 + i] = level;
      this.#votes[1 + spans + i] =
        usual === undefined ? level : usual + (stale ? this.#dayOffset : (this.#offsets[i] ?? 0));
    }
    this.#votes[1 + 2 * spans] =
      usual === undefined ? (this.#levels[spans - 1] ?? 0) : usual + this.#dayOffset;
  }

  #slotOf(atMs: number): number {
    const ofDay = ((atMs % DAY_MS) + DAY_MS) % DAY_MS;
    return Math.floor((ofDay / DAY_MS) * this.#slots) % this.#slots;
  }
}
