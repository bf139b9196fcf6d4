import { KeyState } from './key-state.ts';
import { SeasonalRate } from './seasonal-rate.ts';

/**
 * With the end of each window, finds the keys from which nothing came in it. When far less came from all keys
 * together than they lead one to expect, it is the gateways that are blind, and no key is called silent.
 */
export class SilenceSweep {
  #window = 0;
  #requests = 0;

  /** With less than this share of the requests to expect, the gateways are blind. */
  static readonly blindShare = 0.4;
  /** A key silent for longer is no news any more. */
  static readonly silentMsMax = 3 * 86_400_000;

  /** Counts what arrived in the open window. */
  take(requests: number): void {
    this.#requests += requests;
  }

  /** The keys whose silence is worth a judgement; none while a window is open. */
  *silent(states: ReadonlyMap<string, KeyState>, at: number): Generator<KeyState> {
    const window = Math.floor((at - KeyState.latenessMs) / SeasonalRate.windowMs) * SeasonalRate.windowMs;
    if (window <= this.#window) return;
    const from = window - SeasonalRate.windowMs;
    let expected = 0;
    for (const state of states.values()) expected += state.rate.expected(from, window);
    const blind = this.#requests < SilenceSweep.blindShare * expected;
    const skipped = this.#window > 0 && from > this.#window;
    this.#requests = 0;
    this.#window = window;
    if (blind || skipped) return;
    for (const state of states.values()) {
      if (state.lastSeenAt === 0 || state.lastSeenAt >= from) continue;
      if (at - state.lastSeenAt > SilenceSweep.silentMsMax) continue;
      state.noteSilence(from);
      if (state.silence.expected >= 1) yield state;
    }
  }

  toJSON(): [window: number, requests: number] {
    return [this.#window, this.#requests];
  }

  restore(json: [number, number]): void {
    [this.#window, this.#requests] = json;
  }
}
