import { studentTUpperTail } from '../student-t-tail.ts';

const DAY_MS = 86_400_000;
/** Before any history, jumps are taken to come once in fifty values; this many values' worth of that belief. */
const PRIOR_JUMPS = 10;
const PRIOR_VALUES = 500;
/** Belief about the spread of jump sizes, in decades, worth this many jumps. */
const PRIOR_SPREAD = 0.7;
const PRIOR_SPREAD_COUNT = 4;
/** Before any jump its size is guessed at this many typical deviations, worth a third of a jump. */
const PRIOR_SIZE = 10;
const PRIOR_SIZE_COUNT = 0.3;
/** Beyond its record a jump c times as large has this power of c: an almost scale-free guess. */
const RECORD_INDEX = 0.35;
/** Half-life of what is remembered: the longer of the two. */
const MEMORY_DAYS = 30;
const MEMORY_VALUES = 4000;
const CLUSTER_MS = 2 * DAY_MS;

export interface JumpsState {
  count: number;
  /** Mean log10 size, sum of its squared deviations, and largest. */
  mean: number;
  squares: number;
  record: number | null;
}

/**
 * The jumps a series has made in one direction: how often, how large. An honest batch key jumps; only a jump that
 * is larger than its jumps go, or the first ever after a long calm, is worth a message.
 *
 * Sizes are log-normal with unknown mean and variance, so the predictive tail is Student's t, wide as long as few
 * were seen (Gelman et al., "Bayesian Data Analysis", 3.3). It is never surer than the record allows: the next
 * of n jumps beats all of them with chance 1/(n+1).
 */
export class Jumps {
  readonly #state: JumpsState;

  constructor(state?: JumpsState) {
    this.#state = state ? { ...state } : { count: 0, mean: 0, squares: 0, record: null };
  }

  get count(): number {
    return this.#state.count;
  }

  /**
   * Chance that a jump is at least this large.
   *
   * @param size > 0
   * @param typical typical small deviation of the series, 0 when nothing has ever moved: then no size is surprising
   */
  sizeTail(size: number, typical: number): number {
    const { count, mean, squares, record } = this.#state;
    const log = Math.log10(size);
    const guess = typical > 0 ? PRIOR_SIZE_COUNT : 0;
    const known = count + guess;
    if (known === 0) return 0.5;
    const centre = (count * mean + (guess > 0 ? guess * Math.log10(typical * PRIOR_SIZE) : 0)) / known;
    const freedom = PRIOR_SPREAD_COUNT + count;
    const variance = (squares + PRIOR_SPREAD_COUNT * PRIOR_SPREAD ** 2) / freedom;
    const spread = Math.sqrt(variance * (1 + 1 / Math.max(known, 0.5)));
    const tail = studentTUpperTail((log - centre) / spread, freedom);
    if (record === null) return tail;
    return Math.max(tail, Math.min(1, 10 ** (-RECORD_INDEX * Math.max(0, log - record)) / (count + 1)));
  }

  /** @param share 0..1: how far the deviation was a jump */
  learn(size: number, share: number): void {
    if (share <= 1e-3 || size <= 0) return;
    const state = this.#state;
    const log = Math.log10(size);
    if (share > 0.3 && (state.record === null || log > state.record)) state.record = log;
    state.count += share;
    const off = log - state.mean;
    state.mean += (off * share) / state.count;
    state.squares += share * off * (log - state.mean);
  }

  forget(kept: number): void {
    this.#state.count *= kept;
    this.#state.squares *= kept;
  }

  toJSON(): JumpsState {
    return { ...this.#state };
  }
}

export interface JumpRateState {
  values: number;
  excitement: number;
}

/**
 * Chance that the next value is a jump: the share so far, plus what recent jumps add, because jumps come in
 * clusters (self-exciting process: Hawkes 1971, Biometrika 58). The second wave of a burst is thus less of a surprise
 * than the first.
 */
export class JumpRate {
  readonly #bucketMs: number;
  readonly #state: JumpRateState;

  constructor(bucketMs: number, state?: JumpRateState) {
    this.#bucketMs = bucketMs;
    this.#state = state ? { ...state } : { values: 0, excitement: 0 };
  }

  chance(jumps: number): number {
    const { values, excitement } = this.#state;
    return Math.min(0.5, (jumps + PRIOR_JUMPS) / (values + PRIOR_VALUES) + excitement);
  }

  /** @returns what is kept of older counts: the jumps' own histories forget at the same pace */
  learn(sinceMs: number, share: number): number {
    const kept = 2 ** -Math.min(this.#bucketMs / (MEMORY_DAYS * DAY_MS), 1 / MEMORY_VALUES);
    const calm = Math.exp(-sinceMs / CLUSTER_MS);
    this.#state.excitement = this.#state.excitement * calm + share * Math.min(1, this.#bucketMs / CLUSTER_MS);
    this.#state.values = (this.#state.values + 1) * kept;
    return kept;
  }

  toJSON(): JumpRateState {
    return { ...this.#state };
  }
}
