import type { KeyState } from './key-state.ts';
import { SeasonalRate } from './seasonal-rate.ts';

const dayMs = 86_400_000;

/**
 * Decides for which keys the detector waits. A key last seen before the line is asleep: nothing is expected of it, its
 * silence is no news, and its state need not be in memory until it is used again.
 *
 * The line depends on arrivals alone and never goes back, so what is found does not depend on which states happen to
 * be in memory, on when they were saved, or on restarts.
 */
export class SleepLine {
  readonly #keysAwakeMax: number;
  #before = 0;
  #window = 0;
  /** Keys that fell asleep early because there were too many, since the start of the process. */
  crowdedOut = 0;

  /** A key unused for so long is asleep. Longer than any weekend, so that a working week finds its keys awake. */
  static readonly idleMsMax = 7 * dayMs;

  /** @param keysAwakeMax beyond this many, those unused longest fall asleep sooner */
  constructor(keysAwakeMax: number) {
    if (!(keysAwakeMax >= 1)) throw new RangeError('at least one key can be awake');
    this.#keysAwakeMax = keysAwakeMax;
  }

  isAwake(state: KeyState): boolean {
    return state.lastSeenAt >= this.#before;
  }

  /** Keys last seen before this time are asleep, epoch ms. */
  get before(): number {
    return this.#before;
  }

  /** The window at which the line was moved last. */
  get window(): number {
    return this.#window;
  }

  /** Puts the line back. Without its window it would move at once, sooner than it had without the restart. */
  restore(before: number, window: number): void {
    this.#before = before;
    this.#window = window;
  }

  /** Moves the line with the end of each window. */
  advance(states: Iterable<KeyState>, at: number): void {
    const window = Math.floor(at / SeasonalRate.windowMs);
    if (window === this.#window) return;
    this.#window = window;
    this.#before = Math.max(this.#before, at - SleepLine.idleMsMax);
    const seen: number[] = [];
    for (const { lastSeenAt } of states) if (lastSeenAt >= this.#before) seen.push(lastSeenAt);
    if (seen.length <= this.#keysAwakeMax) return;
    const sorted = Float64Array.from(seen).sort();
    // All keys of one minute go together: which of them stays must not depend on the order of their states.
    this.#before = sorted[sorted.length - this.#keysAwakeMax - 1]! + 1;
    for (const lastSeenAt of seen) if (lastSeenAt < this.#before) this.crowdedOut++;
  }
}
