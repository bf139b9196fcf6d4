/** A value that changes at known moments: what a key calls, from where, with what. */
export class Timeline<T> {
  readonly #steps: { from: number; value: T }[];

  constructor(first: T) {
    this.#steps = [{ from: Number.NEGATIVE_INFINITY, value: first }];
  }

  /** @param at epoch ms */
  at(at: number): T {
    const steps = this.#steps;
    let i = steps.length - 1;
    while (steps[i]!.from > at) i--;
    return steps[i]!.value;
  }

  /** From this moment on it is what `next` makes of what it was; later changes are remade too. */
  change(from: number, next: (before: T) => T): void {
    const before = this.at(from);
    for (const step of this.#steps) if (step.from > from) step.value = next(step.value);
    this.#steps.push({ from, value: next(before) });
    this.#steps.sort((a, b) => a.from - b.from);
  }
}
