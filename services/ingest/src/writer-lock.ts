/**
 * Lets many write at once, or one alone. Who wants to be alone waits until the others are done, and those that come
 * later wait for him.
 */
export class WriterLock {
  #writers = 0;
  #alone: Promise<void> = Promise.resolve();
  #idle: PromiseWithResolvers<void> | null = null;

  /** Runs beside others. */
  async beside<T>(write: () => Promise<T>): Promise<T> {
    // Another may have asked to be alone while we waited.
    for (let seen: Promise<void> | null = null; seen !== this.#alone; ) {
      seen = this.#alone;
      await seen;
    }
    this.#writers++;
    try {
      return await write();
    } finally {
      this.#writers--;
      if (this.#writers === 0) this.#idle?.resolve();
    }
  }

  /** Runs when nobody else does. */
  async alone<T>(write: () => Promise<T>): Promise<T> {
    const before = this.#alone;
    const done = Promise.withResolvers<void>();
    this.#alone = done.promise;
    try {
      await before;
      while (this.#writers > 0) {
        this.#idle = Promise.withResolvers();
        await this.#idle.promise;
      }
      return await write();
    } finally {
      this.#idle = null;
      done.resolve();
    }
  }
}
