/** Where a post stands in the stream of its door. */
export interface PostPlace {
  readonly offset: bigint;
  /** Epoch ms; never falls from one post to the next. */
  readonly arrivedAtMs: number;
}

/** Numbers the posts that come to one door. Numbers grow with time, so they go on growing over a restart. */
export class PostOffsets {
  #last: PostPlace = { offset: 0n, arrivedAtMs: 0 };

  /** The last one that was given. */
  get last(): PostPlace {
    return this.#last;
  }

  /** @param nowMs epoch ms */
  next(nowMs: number): PostPlace {
    const arrivedAtMs = Math.max(this.#last.arrivedAtMs, nowMs);
    const next = this.#last.offset + 1n;
    const ofTime = BigInt(arrivedAtMs) * 1_000n;
    this.#last = { offset: ofTime > next ? ofTime : next, arrivedAtMs };
    return this.#last;
  }
}
