/** A binary heap that gives the item with the smallest rank first; equal ranks in the order they came. */
export class MinHeap<T> {
  readonly #items: { rank: number; order: number; item: T }[] = [];
  #pushed = 0;

  get size(): number {
    return this.#items.length;
  }

  /** The smallest rank inside; Infinity when empty. */
  get rank(): number {
    return this.#items[0]?.rank ?? Number.POSITIVE_INFINITY;
  }

  push(rank: number, item: T): void {
    this.#items.push({ rank, order: this.#pushed++, item });
    this.#rise(this.#items.length - 1);
  }

  pop(): T | undefined {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (top === undefined || last === undefined) return undefined;
    if (this.#items.length > 0) {
      this.#items[0] = last;
      this.#sink();
    }
    return top.item;
  }

  /** The first item gets a new rank, without leaving the heap; cheaper than pop and push. */
  rerankTop(rank: number): void {
    const top = this.#items[0];
    if (!top) return;
    top.rank = rank;
    top.order = this.#pushed++;
    this.#sink();
  }

  peek(): T | undefined {
    return this.#items[0]?.item;
  }

  #rise(from: number): void {
    const items = this.#items;
    const moving = items[from]!;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(moving, items[above]!)) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = moving;
  }

  #sink(): void {
    const items = this.#items;
    const moving = items[0]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1]!, items[child]!)) child++;
      if (!isBefore(items[child]!, moving)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = moving;
  }
}

interface Ranked {
  readonly rank: number;
  readonly order: number;
}

function isBefore(a: Ranked, b: Ranked): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}
