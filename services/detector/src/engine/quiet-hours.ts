/**
 * What a key does in the hours in which it is usually at rest: how many such hours were seen, how many of them were
 * not quite still, and the busiest of them, forgetting slowly.
 */
export class QuietHours {
  #hours = 0;
  #used = 0;
  #peak = 0;

  /** An hour is quiet when less than this share of an average hour is expected of it. */
  static readonly quietShare = 0.2;
  static readonly #keep = 1 - 1 / 1_500;

  static isQuiet(expected: number, average: number): boolean {
    return expected < QuietHours.quietShare * average;
  }

  /** Teaches a closed hour that was expected to be quiet. */
  learn(requests: number): void {
    const keep = QuietHours.#keep;
    this.#hours = this.#hours * keep + 1;
    this.#used = this.#used * keep + (requests > 0 ? 1 : 0);
    this.#peak = Math.max(requests, this.#peak * keep);
  }

  get hours(): number {
    return this.#hours;
  }

  get used(): number {
    return this.#used;
  }

  get peak(): number {
    return this.#peak;
  }

  toJSON(): QuietHoursJson {
    return [this.#hours, this.#used, this.#peak];
  }

  static fromJSON([hours, used, peak]: QuietHoursJson): QuietHours {
    const quiet = new QuietHours();
    [quiet.#hours, quiet.#used, quiet.#peak] = [hours, used, peak];
    return quiet;
  }
}

export type QuietHoursJson = [hours: number, used: number, peak: number];
