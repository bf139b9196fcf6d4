/** Numbers of users are told apart by a fifth or less, so that few sums do for any fleet. */
const classes = 128;
const classOf = (users: number) =>
  users <= 1 ? 0 : Math.min(classes - 1, Math.floor(4 * Math.log2(users) + 1e-9));

/** Counts keys by value, and how many of them have a value that so few keys use. */
export class ByFewness {
  readonly #keys = new Map<string, number>();
  readonly #sums = new Float64Array(classes);

  /** Takes in that a value has one more user. @param counts whether that one is counted */
  take(value: string, users: number, counts: boolean): void {
    const keys = this.#keys.get(value) ?? 0;
    this.#sums[classOf(users - 1)]! -= keys;
    this.#sums[classOf(users)]! += keys + (counts ? 1 : 0);
    if (counts) this.#keys.set(value, keys + 1);
  }

  /** -log10 of the share of the counted that have a value with so few users. @param own of them, those of the key itself */
  surprise(users: number, own: number): number {
    const last = classOf(users);
    let [asFew, all] = [-own, 0];
    for (let i = 0; i < classes; i++) {
      all += this.#sums[i]!;
      if (i <= last) asFew += this.#sums[i]!;
    }
    return Math.max(0, -Math.log10(Math.min(1, (Math.max(0, asFew) + 0.5) / (all + 1))));
  }
}
