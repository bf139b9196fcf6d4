import { Calendar } from './calendar.ts';
import type { FleetWindow } from './fleet.ts';
import { FleetFactor } from './fleet-factor.ts';
import type { FleetTrendJson } from './fleet-trend.ts';
import { KeyState } from './key-state.ts';
import type { KeyStates } from './key-states.ts';
import { SeasonalRate } from './seasonal-rate.ts';

/** A window that counted: its start, and when it was swept, epoch ms. */
type SweptWindow = [from: number, at: number];

/**
 * With the end of each window, finds the keys from which nothing came in it. When far less came from all keys
 * together than they lead one to expect, it is the gateways that are blind, and no key is called silent.
 *
 * What a key's silence amounts to changes every quarter of an hour for every silent key. It is not saved with the
 * profiles but made again from them and from the windows that counted.
 */
export class SilenceSweep {
  readonly fleet: FleetFactor;
  #window = 0;
  #requests = 0;
  #swept: SweptWindow[] = [];

  /** With less than this share of the requests to expect, the gateways are blind. */
  static readonly blindShare = 0.4;
  /** A key silent for longer is no news any more. */
  static readonly silentMsMax = 3 * 86_400_000;

  constructor(calendar = new Calendar()) {
    this.fleet = new FleetFactor(calendar);
  }

  /** Counts what arrived in the open window. */
  take(requests: number): void {
    this.#requests += requests;
  }

  /**
   * The keys whose silence is worth a judgement; none while a window is open.
   * @param onClosed told of the window that closed, when the one before it closed in its time
   */
  *silent(
    states: { values(): Iterable<KeyState> },
    at: number,
    onClosed?: (window: FleetWindow) => void,
  ): Generator<KeyState> {
    const window = Math.floor((at - KeyState.latenessMs) / SeasonalRate.windowMs) * SeasonalRate.windowMs;
    if (window <= this.#window) return;
    const from = window - SeasonalRate.windowMs;
    let expected = 0;
    for (const state of states.values()) expected += onGrid(state.rate.expected(from, window));
    this.fleet.note(from, this.#requests, expected);
    const blind = this.#requests < SilenceSweep.blindShare * expected;
    const skipped = this.#window > 0 && from > this.#window;
    if (!skipped && this.#window > 0) onClosed?.({ from, requests: this.#requests, expected });
    this.#requests = 0;
    this.#window = window;
    // On a holiday rest is what is to be expected.
    if (blind || skipped || this.fleet.calendar.isHoliday(from)) return;
    this.#swept = this.#swept.filter(([, sweptAt]) => at - sweptAt <= SilenceSweep.silentMsMax);
    this.#swept.push([from, at]);
    const silent: KeyState[] = [];
    for (const state of states.values()) {
      if (!isSilent(state, from, at)) continue;
      state.noteSilence(from);
      if (state.silence.expected >= 1) silent.push(state);
    }
    yield* silent.sort((a, b) => (a.lineageId < b.lineageId ? -1 : 1));
  }

  toJSON(): SilenceSweepJson {
    return {
      window: this.#window,
      requests: this.#requests,
      swept: this.#swept,
      fleet: this.fleet.toJSON(),
      trend: this.fleet.trend.toJSON(),
    };
  }

  /** Puts back what was saved, and into the states the silence that was noted since each of them was saved. */
  restore(json: SilenceSweepJson, states: Pick<KeyStates, 'values'>): void {
    this.#window = json.window;
    this.#requests = json.requests;
    this.#swept = [...json.swept];
    this.fleet.restore(json.fleet);
    if (json.trend) this.fleet.trend.restore(json.trend);
    for (const state of states.values()) {
      for (const [from, at] of this.#swept) {
        if (from > state.silenceNotedAt && isSilent(state, from, at)) state.noteSilence(from);
      }
    }
  }
}

export interface SilenceSweepJson {
  window: number;
  requests: number;
  swept: SweptWindow[];
  fleet: [number, number][];
  /** Absent in profiles of earlier releases. */
  trend?: FleetTrendJson;
}

/**
 * Rounded to a multiple of 2^-20, of which sums up to 2^33 are exact: the same in whatever order keys stand in memory,
 * which a restart changes.
 */
function onGrid(requests: number): number {
  return Math.round(requests * 2 ** 20) / 2 ** 20;
}

/** Whether nothing came from a key in the window that starts at `from`, and of late something did. */
function isSilent(state: KeyState, from: number, at: number): boolean {
  return (
    state.lastSeenAt !== 0 &&
    state.lastSeenAt < from &&
    state.learnedUntil <= at &&
    at - state.lastSeenAt <= SilenceSweep.silentMsMax
  );
}
