/**
 * Tail index of a key's busy windows, by the Hill estimator (Hill 1975, "A simple general approach to inference about
 * the tail of a distribution") over the windows above a running high quantile, leaning on a prior.
 */
export class TailIndex {
  /** ln of the running quantile. */
  #threshold = 0;
  #seen = 0;
  #excess = 0;
  #weight = 0;

  static readonly #quantile = 0.9;
  static readonly #priorIndex = 3;
  static readonly #priorWeight = 4;
  static readonly #keep = 1 - 1 / 400;
  static readonly #indexMin = 0.8;
  static readonly #indexMax = 4;

  /** Teaches one active window. */
  learn(value: number): void {
    const log = Math.log(Math.max(1, value));
    this.#seen++;
    // Stochastic approximation of a quantile: steps shrink with experience but never vanish.
    const step = Math.max(0.02, 1 / this.#seen);
    this.#threshold += step * (log > this.#threshold ? TailIndex.#quantile : TailIndex.#quantile - 1);
    this.#threshold = Math.max(0, this.#threshold);
    if (this.#seen < 20 || log <= this.#threshold) return;
    this.#excess = this.#excess * TailIndex.#keep + (log - this.#threshold);
    this.#weight = this.#weight * TailIndex.#keep + 1;
  }

  get index(): number {
    const excess = this.#excess + TailIndex.#priorWeight / TailIndex.#priorIndex;
    const index = (this.#weight + TailIndex.#priorWeight) / excess;
    return Math.min(TailIndex.#indexMax, Math.max(TailIndex.#indexMin, index));
  }

  toJSON(): TailIndexJson {
    return [this.#threshold, this.#seen, this.#excess, this.#weight];
  }

  restore(json: TailIndexJson): void {
    [this.#threshold, this.#seen, this.#excess, this.#weight] = json;
  }
}

export type TailIndexJson = [threshold: number, seen: number, excess: number, weight: number];
