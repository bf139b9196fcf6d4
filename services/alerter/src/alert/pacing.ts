/**
 * How many calls a destination takes: a bucket of `burstMax` that fills by `perSecond`, and a pause when the
 * destination asked for one.
 */
export class Pacing {
  readonly #perSecond: number;
  readonly #burstMax: number;
  #tokens: number;
  #filledAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: { perSecond: number; burstMax: number }) {
    this.#perSecond = options.perSecond;
    this.#burstMax = options.burstMax;
    this.#tokens = options.burstMax;
  }

  /** Takes a token if there is one. */
  take(nowMs: number): boolean {
    if (nowMs < this.#pausedUntil) return false;
    if (this.#filledAt !== Number.NEGATIVE_INFINITY) {
      const filled = (Math.max(0, nowMs - this.#filledAt) / 1000) * this.#perSecond;
      this.#tokens = Math.min(this.#burstMax, this.#tokens + filled);
    }
    this.#filledAt = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** A token that was taken for nothing. */
  giveBack(): void {
    this.#tokens += 1;
  }

  /** Nothing goes out before this time: what `Retry-After` asks for. */
  pause(untilMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, untilMs);
  }
}
