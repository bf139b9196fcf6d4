const waitMsMin = 1_000;
const waitMsMax = 5 * 60_000;

/** What did not go through waits, longer each time, and by itself: another may well go through. */
export class BackOff {
  readonly #waits = new Map<string, { readonly waitMs: number; readonly until: number }>();

  /** Whether it may be tried. @param nowMs epoch ms */
  isDue(id: string, nowMs: number): boolean {
    return nowMs >= (this.#waits.get(id)?.until ?? 0);
  }

  /** It did not go through. @returns how long it waits now, ms */
  failed(id: string, nowMs: number): number {
    const had = this.#waits.get(id);
    const waitMs = had ? Math.min(waitMsMax, 2 * had.waitMs) : waitMsMin;
    this.#waits.set(id, { waitMs, until: nowMs + waitMs });
    return waitMs;
  }

  /** It went through, or is not tried any more. */
  forget(id: string): void {
    this.#waits.delete(id);
  }
}
