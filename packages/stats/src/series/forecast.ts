import { UsualDay, type UsualDayState } from './usual-day.ts';

const DAY_MS = 86_400_000;
/** Horizons of the moving levels: what the last quarter hour, hour and four hours were like. */
const SPANS_MS = [900_000, 3_600_000, 14_400_000] as const;
/** Which of them also follows the usual week. */
const WEEK_SPAN_MS = 3_600_000;
/** A mistake of a forecaster counts at most this many typical deviations: one outlier must not dethrone it. */
const LOSS_MAX = 4;
/** After this long a silence the moving levels say nothing about now. */
const STALE_MS = 3 * 3_600_000;
const FORECASTERS = 2 * SPANS_MS.length + 4;

export interface ForecastState {
  last: number;
  levels: number[];
  /** How far above the usual day values were over each span, over a day, and above the usual week. */
  offsets: number[];
  dayOffset: number;
  weekOffset: number;
  weekDayOffset: number;
  losses: number[];
  usual: UsualDayState;
}

/**
 * Expects the next value by a vote of simple forecasters: the last value, levels over three horizons, the same levels
 * read as offsets from the usual day, and two that follow the usual week. Each votes by how well it did over the
 * last day (exponentially weighted average forecaster: Cesa-Bianchi & Lugosi 2006, "Prediction, Learning, and
 * Games", chapter 2), so one engine suits a random walk, a noisy constant and a strict daily rhythm.
 */
export class Forecast {
  readonly #bucketMs: number;
  readonly #usual: UsualDay;
  readonly #state: Omit<ForecastState, 'usual'>;
  readonly #votes = new Float64Array(FORECASTERS);
  #known: boolean;

  constructor(bucketMs: number, state?: ForecastState) {
    this.#bucketMs = bucketMs;
    this.#known = state !== undefined;
    this.#usual = new UsualDay(bucketMs, state?.usual);
    this.#state = {
      last: state?.last ?? 0,
      levels: state ? [...state.levels] : SPANS_MS.map(() => 0),
      offsets: state ? [...state.offsets] : SPANS_MS.map(() => 0),
      dayOffset: state?.dayOffset ?? 0,
      weekOffset: state?.weekOffset ?? 0,
      weekDayOffset: state?.weekDayOffset ?? 0,
      losses: state ? [...state.losses] : new Array<number>(FORECASTERS).fill(0),
    };
  }

  /** The value expected at `atMs`, when the value before came `sinceMs` earlier. */
  expect(atMs: number, sinceMs: number): number {
    this.#vote(atMs, sinceMs);
    const { losses } = this.#state;
    let least = Infinity;
    for (const loss of losses) if (loss < least) least = loss;
    let sum = 0;
    let weights = 0;
    for (let i = 0; i < FORECASTERS; i += 1) {
      const weight = Math.exp(least - (losses[i] ?? 0));
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
    const state = this.#state;
    if (!this.#known) {
      this.#known = true;
      state.last = value;
      state.levels.fill(value);
      return;
    }
    this.#vote(atMs, sinceMs);
    const kept = Math.max(0, 1 - this.#bucketMs / DAY_MS);
    for (let i = 0; i < FORECASTERS; i += 1) {
      const miss = Math.min(LOSS_MAX, Math.abs(value - (this.#votes[i] ?? 0)) / deviation);
      state.losses[i] = (state.losses[i] ?? 0) * kept + miss;
    }
    const usual = this.#usual.at(atMs);
    for (const [i, span] of SPANS_MS.entries()) {
      const gain = sinceMs > STALE_MS ? 1 : 1 - Math.exp((-2 * sinceMs) / span);
      state.levels[i] = moved(state.levels[i] ?? 0, value, gain);
      if (usual !== undefined) state.offsets[i] = moved(state.offsets[i] ?? 0, value - usual, gain);
    }
    if (usual !== undefined) this.#learnOffsets(sinceMs, value - usual, this.#usual.weekly(atMs));
    this.#usual.learn(atMs, value, trust);
    state.last = value;
  }

  toJSON(): ForecastState {
    return { ...structuredClone(this.#state), usual: this.#usual.toJSON() };
  }

  #learnOffsets(sinceMs: number, above: number, weekly: number): void {
    const state = this.#state;
    const dayGain = 1 - Math.exp(-Math.min(sinceMs, STALE_MS) / DAY_MS);
    const hourGain = sinceMs > STALE_MS ? 1 : 1 - Math.exp((-2 * sinceMs) / WEEK_SPAN_MS);
    state.dayOffset = moved(state.dayOffset, above, dayGain);
    state.weekOffset = moved(state.weekOffset, above - weekly, hourGain);
    state.weekDayOffset = moved(state.weekDayOffset, above - weekly, dayGain);
  }

  #vote(atMs: number, sinceMs: number): void {
    const { last, levels, offsets, dayOffset, weekOffset, weekDayOffset } = this.#state;
    const usual = this.#usual.at(atMs);
    const votes = this.#votes;
    const spans = SPANS_MS.length;
    if (usual === undefined) {
      const slowest = levels[spans - 1] ?? 0;
      votes.fill(slowest);
      votes[0] = last;
      for (let i = 0; i < spans; i += 1) {
        votes[1 + i] = levels[i] ?? 0;
        votes[1 + spans + i] = levels[i] ?? 0;
      }
      return;
    }
    const byDay = usual + dayOffset;
    const byWeek = usual + this.#usual.weekly(atMs);
    votes.fill(byDay);
    votes[2 * spans + 2] = byWeek + weekDayOffset;
    votes[2 * spans + 3] = byWeek + weekDayOffset;
    if (sinceMs > STALE_MS) return;
    votes[0] = last;
    for (let i = 0; i < spans; i += 1) {
      votes[1 + i] = levels[i] ?? 0;
      votes[1 + spans + i] = usual + (offsets[i] ?? 0);
    }
    votes[2 * spans + 3] = byWeek + weekOffset;
  }
}

function moved(from: number, to: number, gain: number): number {
  return from + gain * (to - from);
}
