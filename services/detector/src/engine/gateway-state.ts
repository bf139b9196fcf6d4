import type { GatewayActivity } from './activity.ts';
import type { GatewaySays } from './gateway-says.ts';
import { SeasonalRate, type SeasonalRateJson } from './seasonal-rate.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * What is known of one gateway: how much it delivers at what time of the week, how long it pauses, and which of its
 * running numbers are missing. All times are of arrival.
 */
export class GatewayState {
  readonly watchedSince: number;
  lastHeardAt: number;
  /** Longest pause so far, forgetting slowly, ms. */
  pauseMsLongest = minuteMs;
  /** Since it was heard last. */
  silence = { expected: 0, surprise: 0 };
  /** When its silence was told of last; 0 never. */
  toldSilentAt = 0;
  rate = new SeasonalRate();
  #window = 0;
  #hour = 0;
  /** Running numbers: the first and the highest seen, and how many different ones came. */
  #sequence = { first: 0, highest: 0, received: 0 };
  /** Missing numbers, and received ones, at the last few closed windows, newest first. */
  #gaps: [missing: number, received: number][] = [];
  #judged = { missing: 0, received: 0 };
  /** What it had emitted when it first spoke in this silence; null while it is heard or says nothing. */
  #saidInSilence: { startedAt: number; emitted: number } | null = null;

  /** Windows through which a number must be missing: what comes later than that is lost for judging. */
  static readonly windowsMissing = 4;
  static readonly #keepPause = 1 - 1 / 5_000;
  /** What it emitted before may be on its way for so long. */
  static readonly #onTheWayMs = minuteMs;

  constructor(at: number) {
    this.watchedSince = at;
    this.lastHeardAt = at;
  }

  take({ events, sequenced, sequenceFirst, sequenceLast }: GatewayActivity, at: number): void {
    const pause = at - this.lastHeardAt;
    // An outage may teach only a bounded part of itself, or the next one would be nothing new.
    const taught = Math.min(pause, 2 * this.pauseMsLongest);
    this.pauseMsLongest = Math.max(minuteMs, taught, this.pauseMsLongest * GatewayState.#keepPause);
    this.lastHeardAt = at;
    this.silence = { expected: 0, surprise: 0 };
    this.#saidInSilence = null;
    this.#window += events;
    if (sequenced > 0) this.#takeNumbers(sequenced, sequenceFirst, sequenceLast);
  }

  #takeNumbers(count: number, first: number, last: number): void {
    const known = this.#sequence;
    // A number at or below the first one again: the gateway began to count anew.
    if (known.first === 0 || first <= known.first) {
      this.#sequence = { first, highest: last, received: count };
      this.#gaps = [];
      this.#judged = { missing: 0, received: 0 };
      return;
    }
    known.highest = Math.max(known.highest, last);
    known.received += count;
  }

  /** Notes what it says while nothing comes: what it emits from then on is missing. */
  hear({ startedAt, emitted, heardAt }: GatewaySays): void {
    if (heardAt < this.lastHeardAt + GatewayState.#onTheWayMs) return;
    this.#saidInSilence ??= { startedAt, emitted };
  }

  /** Events that it says it emitted in this silence; those of another run all count. */
  emittedInSilence({ startedAt, emitted }: GatewaySays): number {
    const first = this.#saidInSilence;
    if (!first) return 0;
    return startedAt === first.startedAt ? Math.max(0, emitted - first.emitted) : emitted;
  }

  /** Closes the quarter of an hour that began at `from`. */
  closeWindow(from: number): void {
    const to = from + SeasonalRate.windowMs;
    if (from % hourMs === 0) this.tellMissing();
    const requests = this.#window;
    this.#window = 0;
    this.#hour += requests;
    if (requests === 0) {
      const expected = this.rate.expected(from, to);
      const { shape } = this.rate;
      this.silence.expected += expected;
      this.silence.surprise += shape * Math.log10(1 + expected / shape);
    }
    const blind = this.isBlind(to);
    if (!blind) this.rate.learnWindow(from, requests);
    if (to % hourMs === 0) {
      if (!blind) this.rate.learnHour(to - hourMs, this.#hour);
      this.#hour = 0;
    }
    const { first, highest, received } = this.#sequence;
    if (first === 0) return;
    this.#gaps.unshift([Math.max(0, highest - first + 1 - received), received]);
    this.#gaps.length = Math.min(this.#gaps.length, GatewayState.windowsMissing + 1);
  }

  /** Silence that was told of and goes on. */
  isBlind(at: number): boolean {
    return this.toldSilentAt >= this.lastHeardAt && this.toldSilentAt > 0 && at >= this.toldSilentAt;
  }

  /** Numbers that stayed away through several windows, and what came in the meantime: of an hour, or since told. */
  get missing(): { missing: number; received: number } | null {
    if (this.#gaps.length <= GatewayState.windowsMissing) return null;
    const missing = Math.min(...this.#gaps.map(([count]) => count));
    const [, received] = this.#gaps.at(-1)!;
    return {
      missing: Math.max(0, missing - this.#judged.missing),
      received: Math.max(0, received - this.#judged.received),
    };
  }

  /** Notes that the missing numbers were judged: from here on only further ones count. */
  tellMissing(): void {
    const now = this.missing;
    if (!now) return;
    this.#judged.missing += now.missing;
    this.#judged.received += now.received;
  }

  toJSON(): GatewayStateJson {
    return {
      watchedSince: this.watchedSince,
      lastHeardAt: this.lastHeardAt,
      pauseMsLongest: this.pauseMsLongest,
      silence: this.silence,
      toldSilentAt: this.toldSilentAt,
      rate: this.rate.toJSON(),
      window: this.#window,
      hour: this.#hour,
      sequence: this.#sequence,
      gaps: this.#gaps,
      judged: this.#judged,
      ...(this.#saidInSilence ? { said: this.#saidInSilence } : {}),
    };
  }

  static fromJSON(json: GatewayStateJson): GatewayState {
    const state = new GatewayState(json.watchedSince);
    state.lastHeardAt = json.lastHeardAt;
    state.pauseMsLongest = json.pauseMsLongest;
    state.silence = { ...json.silence };
    state.toldSilentAt = json.toldSilentAt;
    state.rate = SeasonalRate.fromJSON(json.rate);
    state.#window = json.window;
    state.#hour = json.hour;
    state.#sequence = { ...json.sequence };
    state.#gaps = json.gaps.map(([missing, received]) => [missing, received]);
    state.#judged = { ...json.judged };
    state.#saidInSilence = json.said ? { ...json.said } : null;
    return state;
  }
}

export interface GatewayStateJson {
  watchedSince: number;
  lastHeardAt: number;
  pauseMsLongest: number;
  silence: { expected: number; surprise: number };
  toldSilentAt: number;
  rate: SeasonalRateJson;
  window: number;
  hour: number;
  sequence: { first: number; highest: number; received: number };
  gaps: [number, number][];
  judged: { missing: number; received: number };
  said?: { startedAt: number; emitted: number };
}
