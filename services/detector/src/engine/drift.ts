import { cusumStep } from '@tripkey/stats';

/**
 * A rise that no single window shows: the upper cumulative sum of how far windows lie above expectation (Page 1954,
 * "Continuous inspection schemes"), with the highest it ever reached, forgetting slowly.
 */
export class Drift {
  #sum = 0;
  #peak = 0;
  #windows = 0;

  /** Standard deviations above expectation that a window may lie without adding to the sum. */
  static readonly #slack = 1.25;
  /** One window counts for at most so many: a burst is not a drift. */
  static readonly #deviationMax = 3;
  static readonly #keep = 1 - 1 / 4_000;

  /** Takes in one closed window. */
  take(requests: number, expected: number, shape: number): void {
    const spread = Math.sqrt(expected + expected ** 2 / shape) + 0.5;
    const deviation = Math.min(Drift.#deviationMax, (requests - expected) / spread);
    this.#sum = Math.min(Drift.sumMax, cusumStep(this.#sum, deviation, Drift.#slack));
    this.#windows = this.#windows * Drift.#keep + 1;
    this.#settle();
  }

  static readonly sumMax = 200;

  /** A sum that has come back to nothing lifts the record; one that still runs is judged against it. */
  #settle(): void {
    if (this.#sum > 0) {
      this.#running = Math.max(this.#running, this.#sum);
      return;
    }
    this.#peak = Math.max(this.#running, this.#peak * Drift.#keep);
    this.#running = 0;
  }

  /** Highest sum of the rise that is going on. */
  #running = 0;

  get sum(): number {
    return this.#sum;
  }

  /** Highest sum of past rises. */
  get peak(): number {
    return this.#peak;
  }

  get windows(): number {
    return this.#windows;
  }

  toJSON(): DriftJson {
    return [this.#sum, this.#peak, this.#windows, this.#running];
  }

  static fromJSON(json: DriftJson): Drift {
    const drift = new Drift();
    [drift.#sum, drift.#peak, drift.#windows, drift.#running] = json;
    return drift;
  }
}

export type DriftJson = [sum: number, peak: number, windows: number, running: number];
