/**
 * Remembers what was computed for the values seen most recently, at most `2 × sizeMax` of them. Two generations
 * instead of a list in order of use: a full young generation becomes the old one and the old one is forgotten, which
 * costs nothing on a hit.
 */
export class RecentValues<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  readonly #sizeMax: number;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.#sizeMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
