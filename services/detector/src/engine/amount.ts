/**
 * How much of something (bytes, refusals, distinct objects) a key shows in a window in which it is active, learnt
 * from closed windows: the record so far, and mean and spread of the logarithm, forgetting slowly.
 */
export class Amount {
  #windows = 0;
  #peak = 0;
  #mean = 0;
  #square = 0;

  static readonly #keep = 1 - 1 / 2_000;
  /** How far above the record one window may lift it. */
  static readonly #growthMax = 4;

  /** Teaches one closed window in which the key was active. */
  learn(value: number): void {
    const keep = Amount.#keep;
    const before = this.#windows;
    this.#windows = before * keep + 1;
    const log = Math.log1p(value);
    const weight = 1 / this.#windows;
    const difference = log - this.#mean;
    this.#mean += weight * difference;
    this.#square = (1 - weight) * (this.#square + weight * difference * difference);
    const taught = before < 8 ? value : Math.min(value, this.#peak * Amount.#growthMax + 1);
    this.#peak = Math.max(taught, this.#peak * keep);
  }

  /** Active windows behind the figures. */
  get windows(): number {
    return this.#windows;
  }

  get peak(): number {
    return this.#peak;
  }

  /** Mean of ln(1 + value). */
  get logMean(): number {
    return this.#mean;
  }

  /** Standard deviation of ln(1 + value). */
  get logDeviation(): number {
    return Math.sqrt(this.#square);
  }

  toJSON(): AmountJson {
    return [this.#windows, this.#peak, this.#mean, this.#square];
  }

  static fromJSON(json: AmountJson): Amount {
    const amount = new Amount();
    [amount.#windows, amount.#peak, amount.#mean, amount.#square] = json;
    return amount;
  }
}

export type AmountJson = [windows: number, peak: number, mean: number, square: number];
