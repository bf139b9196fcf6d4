/** An answer that costs much and may be some time old: it is calculated once for all who ask within that time. */
export class SharedAnswer<T> {
  readonly #calculate: (at: number) => Promise<T>;
  readonly #ageMsMax: number;
  #asOf = Number.NEGATIVE_INFINITY;
  #answer: Promise<T> | null = null;

  /** @param calculate for a time, epoch ms; one that fails is tried again by the next who asks */
  constructor(calculate: (at: number) => Promise<T>, ageMsMax: number) {
    this.#calculate = calculate;
    this.#ageMsMax = ageMsMax;
  }

  /** @returns the answer, and as of when it is, epoch ms. @throws what the calculation throws */
  async read(at: number): Promise<{ readonly asOf: number; readonly answer: T }> {
    if (this.#answer === null || at - this.#asOf >= this.#ageMsMax) {
      const answer = this.#calculate(at);
      answer.catch(() => {
        if (this.#answer === answer) this.#answer = null;
      });
      this.#answer = answer;
      this.#asOf = at;
    }
    const asOf = this.#asOf;
    return { asOf, answer: await this.#answer };
  }
}
