/**
 * How far the days of all keys lie above their anchors, on average: a rise that everybody shares is no key's own.
 * Keys close a day one after the other; the mean leans on no rise, so that the first few keys decide nothing.
 */
export class FleetTrend {
  #days = new Map<number, [sum: number, keys: number]>();

  static readonly #daysMax = 14;
  static readonly #lean = 5;
  /** One key counts for no more than a doubling. */
  static readonly #shareMax = Math.LN2;

  /** Notes how far a key's closed day lies above its anchor, as a logarithm. */
  note(day: number, deviation: number): void {
    const [sum, keys] = this.#days.get(day) ?? [0, 0];
    const most = FleetTrend.#shareMax;
    this.#days.set(day, [sum + Math.max(-most, Math.min(most, deviation)), keys + 1]);
    const oldest = this.#days.keys().next().value;
    if (this.#days.size > FleetTrend.#daysMax && oldest !== undefined) this.#days.delete(oldest);
  }

  /** What the fleet's rise explains of a key's on that day; of the day before while few keys have closed it. */
  shiftOf(day: number): number {
    return Math.max(this.#mean(day), this.#mean(day - 1));
  }

  #mean(day: number): number {
    const [sum, keys] = this.#days.get(day) ?? [0, 0];
    return sum / (keys + FleetTrend.#lean);
  }

  toJSON(): FleetTrendJson {
    return [...this.#days];
  }

  restore(json: FleetTrendJson): void {
    this.#days = new Map(json);
  }
}

export type FleetTrendJson = [day: number, [sum: number, keys: number]][];
