/** Share of values above the watched quantile. */
const SHARE = 0.05;
/** The excess over the quantile is believed to average this many decades, worth so many exceedances. */
const PRIOR_EXCESS = 0.3;
const PRIOR_COUNT = 300;
const EXCESS_MAX = 2;
const QUANTILE_MIN = 0.3;
const SURPRISE_MAX = 4;
/**
 * How much of the calibrated surprise is believed. The mixture's heavy tails err on the quiet side, the exponential
 * fitted here on the loud one; in between, scores of calm and of stormy series mean the same (docs/detection).
 */
const BELIEF = 0.75;

export interface TailCalibrationState {
  quantile: number;
  count: number;
  excess: number;
  exceedances: number;
}

/**
 * Turns the noise model's nominal surprise into what it has meant for this series: a series whose "one in a
 * thousand" comes every hour learns that it does.
 *
 * Watches the 95 % quantile of nominal surprises (stochastic approximation: Robbins & Monro 1951) and the mean excess
 * above it. Excesses over a high threshold are generalised Pareto (Pickands 1975), for nominal surprises, which
 * are logarithms, close to exponential; so the fit streams in two numbers (after Siffer et al., "Anomaly
 * Detection in Streams with Extreme Value Theory", KDD 2017).
 */
export class TailCalibration {
  readonly #state: TailCalibrationState;

  constructor(state?: TailCalibrationState) {
    this.#state = state
      ? { ...state }
      : { quantile: 1, count: 0, excess: PRIOR_COUNT * PRIOR_EXCESS, exceedances: PRIOR_COUNT };
  }

  /** @param nominal surprise by the noise model, >= 0. @returns calibrated surprise, grows with the nominal one */
  surprise(nominal: number): number {
    const over = nominal - this.#state.quantile;
    const atQuantile = -Math.log10(SHARE);
    if (over <= 0) return BELIEF * Math.max(0, atQuantile + over);
    return BELIEF * (atQuantile + (over / this.#meanExcess) * Math.LOG10E);
  }

  /** The nominal surprise that is worth this much: the inverse of `surprise`. */
  nominal(surprise: number): number {
    const over = surprise / BELIEF + Math.log10(SHARE);
    return Math.max(0, this.#state.quantile + (over <= 0 ? over : (over * this.#meanExcess) / Math.LOG10E));
  }

  learn(nominal: number): void {
    const state = this.#state;
    const seen = Math.min(nominal, SURPRISE_MAX);
    state.count = Math.min(state.count + 1, 3000);
    const step = Math.max(1 / Math.sqrt(state.count + 10), 0.02);
    if (seen > state.quantile) {
      state.quantile += step * (1 - SHARE);
      state.excess += Math.min(Math.max(0, seen - state.quantile) + step * SHARE, EXCESS_MAX);
      state.exceedances += 1;
      const kept = Math.min(1, PRIOR_COUNT / state.exceedances);
      state.excess *= kept;
      state.exceedances *= kept;
    } else {
      state.quantile = Math.max(QUANTILE_MIN, state.quantile - step * SHARE);
    }
  }

  toJSON(): TailCalibrationState {
    return { ...this.#state };
  }

  get #meanExcess(): number {
    return this.#state.excess / this.#state.exceedances;
  }
}
