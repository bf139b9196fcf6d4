/**
 * A queue with a bound. A full one gives up its oldest item for a new one: what happened last tells more about a key
 * than what happened first, and it is what proves that a stopped key has stopped.
 */
export class EventQueue<T> {
  readonly #slots: (T | undefined)[];
  #head = 0;
  #length = 0;

  constructor(itemsMax: number) {
    this.#slots = new Array<T | undefined>(itemsMax);
  }

  get length(): number {
    return this.#length;
  }

  get oldest(): T | undefined {
    return this.#slots[this.#head];
  }

  /** @returns how many items had to go: 0 or 1 */
  push(item: T): 0 | 1 {
    const size = this.#slots.length;
    const full = this.#length === size;
    this.#slots[(this.#head + this.#length) % size] = item;
    if (full) this.#head = (this.#head + 1) % size;
    else this.#length++;
    return full ? 1 : 0;
  }

  /** Takes up to `count` of the oldest out. */
  take(count: number): T[] {
    const taken: T[] = [];
    while (taken.length < count && this.#length > 0) {
      taken.push(this.#slots[this.#head]!);
      this.#slots[this.#head] = undefined;
      this.#head = (this.#head + 1) % this.#slots.length;
      this.#length--;
    }
    return taken;
  }
}
