/**
 * Lets at most `opsMax` native calls run at once; the others wait in order.
 *
 * Every native call occupies a thread of libuv's pool until it ends. The pool also serves file I/O, compression and the
 * KILL that stops a query, so some of its threads must stay out of reach of queries.
 */
export class OpGate {
  readonly #opsMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(opsMax: number) {
    this.#opsMax = opsMax;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async pass<T>(op: () => Promise<T>): Promise<T> {
    if (this.#running < this.#opsMax) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await op();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
