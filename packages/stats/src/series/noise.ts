const DAY_MS = 86_400_000;
const LOCAL_MS = 3 * 3_600_000;
const HOURS = 24;
const BAND_DAYS = 10;
/** Tail index of a well-known scale: heavier than a normal, so that the scale itself may be somewhat wrong. */
const TAIL_INDEX = 4;
/** A deviation moves a scale as if it were at most this many times the scale. */
const PULL_MAX = 20;

export interface NoiseState {
  local: number;
  bands: number[];
  bandCounts: number[];
  relative: number;
  level: number;
  count: number;
  slow: number;
  weights: number[];
  weighed: number;
}

/**
 * How far values usually stray from what is expected.
 *
 * Four scales compete, for four kinds of series: the last hours (noise that comes in storms), this hour of the day,
 * a share of the expected level (counts whose spread grows with them), and the last week as a whole. Their
 * mixture is the predictive distribution, weighed online by how well each explains the deviations that come
 * (incremental EM: Neal & Hinton 1998). A component is the Lomax distribution, the predictive of a Laplace
 * deviation whose scale was learnt from a few observations; its tail has a closed form.
 */
export class Noise {
  readonly #bucketMs: number;
  readonly #state: NoiseState;
  readonly #scales = new Float64Array(4);
  readonly #indices = new Float64Array(4);

  constructor(bucketMs: number, state?: NoiseState) {
    this.#bucketMs = bucketMs;
    this.#state = state
      ? structuredClone(state)
      : {
          local: 0,
          bands: new Array<number>(HOURS).fill(0),
          bandCounts: new Array<number>(HOURS).fill(0),
          relative: 0,
          level: 0,
          count: 0,
          slow: 0,
          weights: [0.25, 0.25, 0.25, 0.25],
          weighed: 20,
        };
  }

  /** Typical deviation over the last week; 0 as long as nothing has moved. */
  get slow(): number {
    return this.#state.slow;
  }

  /** Fixes hour and expected level; the questions below are about this situation. `floor` > 0 bounds scales below. */
  face(atMs: number, expected: number, floor: number): void {
    const { local, bands, bandCounts, relative, level, count, slow } = this.#state;
    const general = count > 0 ? Math.max(slow, floor) : floor;
    const hour = hourOf(atMs);
    const bandCount = bandCounts[hour] ?? 0;
    const band = ((bands[hour] ?? 0) * bandCount + general * 5) / (bandCount + 5);
    const share = level > 0 ? (relative / level) * Math.abs(expected) : general;
    this.#set(0, local, Math.min(count, LOCAL_MS / this.#bucketMs), floor);
    this.#set(1, band, Math.min(bandCount + 1, 20), floor);
    this.#set(2, share, Math.min(count, 50), floor);
    this.#set(3, general, Math.min(count, 50), floor);
  }

  /** Typical deviation at this hour, for comparing forecasters. */
  get typical(): number {
    return this.#scales[1] ?? 0;
  }

  /** Chance of a deviation at least this large, either side. */
  tail(deviation: number): number {
    let tail = 0;
    for (let i = 0; i < 4; i += 1) {
      const spread = (this.#scales[i] ?? 0) * ((this.#indices[i] ?? 1) - 0.5);
      tail += (this.#state.weights[i] ?? 0) * power(1 + deviation / spread, this.#indices[i] ?? 1);
    }
    return Math.min(1, tail);
  }

  /** The deviation that is exceeded with this chance, to a few per cent: the inverse of `tail`. */
  quantile(chance: number): number {
    let low = 0;
    let high = 0;
    for (let i = 0; i < 4; i += 1) {
      const index = this.#indices[i] ?? 1;
      const alone = (this.#scales[i] ?? 0) * (index - 0.5) * (chance ** (-1 / index) - 1);
      if (alone > high) high = alone;
    }
    for (let i = 0; i < 12; i += 1) {
      const middle = (low + high) / 2;
      if (this.tail(middle) > chance) low = middle;
      else high = middle;
    }
    return high;
  }

  /** @param trust 0..1: how far the deviation is noise and not a jump */
  learn(atMs: number, expected: number, deviation: number, moved: boolean, trust: number): void {
    const state = this.#state;
    const perDay = DAY_MS / this.#bucketMs;
    if (moved) {
      this.#weigh(deviation, trust, perDay);
      this.#learnMoved(atMs, expected, deviation, state.count < 10 ? 1 : trust, perDay);
    }
    const pull = state.local > 0 ? PULL_MAX * Math.max(state.local, 0.1 * state.slow) : Infinity;
    const gain = Math.min(1, Math.max(1 / (state.count + 1), this.#bucketMs / LOCAL_MS));
    state.local += trust * gain * (Math.min(deviation, pull) - state.local);
  }

  toJSON(): NoiseState {
    return structuredClone(this.#state);
  }

  #learnMoved(atMs: number, expected: number, deviation: number, trust: number, perDay: number): void {
    const state = this.#state;
    const share = this.#scales[2] ?? 0;
    const hour = hourOf(atMs);
    const general = state.slow;
    state.count = Math.min(state.count + 1, 7 * perDay);
    const settled = state.count > 5;
    const slowPull = settled ? PULL_MAX * state.slow : Infinity;
    state.slow += (trust * (Math.min(deviation, slowPull) - state.slow)) / state.count;
    const bandCount = Math.min((state.bandCounts[hour] ?? 0) + 1, Math.max(3, (BAND_DAYS * perDay) / HOURS));
    const band = state.bands[hour] ?? 0;
    const bandPull = settled ? PULL_MAX * (this.#scales[1] ?? 0) : Infinity;
    state.bands[hour] = band + (trust * (Math.min(deviation, bandPull) - band)) / bandCount;
    state.bandCounts[hour] = bandCount;
    const dayCount = Math.min(state.count, perDay);
    const sharePull = settled ? PULL_MAX * Math.max(share, 0.1 * general) : Infinity;
    state.relative += (trust * (Math.min(deviation, sharePull) - state.relative)) / dayCount;
    state.level += (trust * (Math.abs(expected) - state.level)) / dayCount;
  }

  #weigh(deviation: number, trust: number, perDay: number): void {
    const state = this.#state;
    const densities = [0, 0, 0, 0];
    let total = 0;
    for (let i = 0; i < 4; i += 1) {
      const index = this.#indices[i] ?? 1;
      const spread = (this.#scales[i] ?? 0) * (index - 0.5);
      const density = ((state.weights[i] ?? 0) * index * (1 + deviation / spread) ** -(index + 1)) / spread;
      densities[i] = density;
      total += density;
    }
    if (!(total > 0) || total === Infinity) return;
    state.weighed = Math.min(state.weighed + 1, Math.max(20, perDay));
    for (let i = 0; i < 4; i += 1) {
      const weight = state.weights[i] ?? 0;
      state.weights[i] = weight + (((densities[i] ?? 0) / total - weight) * trust) / state.weighed;
    }
  }

  #set(i: number, scale: number, observations: number, floor: number): void {
    this.#scales[i] = Math.max(scale, floor);
    this.#indices[i] = Math.min(TAIL_INDEX, 1 + 0.3 * observations);
  }
}

/** base^-index; a scale in use for a while has index 4, for which this is much faster. */
function power(base: number, index: number): number {
  if (index !== TAIL_INDEX) return base ** -index;
  const square = base * base;
  return 1 / (square * square);
}

function hourOf(atMs: number): number {
  return ((Math.floor(atMs / 3_600_000) % HOURS) + HOURS) % HOURS;
}
