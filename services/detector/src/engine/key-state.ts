import type { Traffic } from '@tripkey/rules';
import { Amount, type AmountJson } from './amount.ts';
import { Drift, type DriftJson } from './drift.ts';
import { EndpointMix, type EndpointMixJson } from './endpoint-mix.ts';
import type { FleetFactor } from './fleet-factor.ts';
import { Habits, type HabitsJson } from './habits.ts';
import { KnownValues, type KnownValuesJson } from './known-values.ts';
import { RecentMinutes, type RecentMinutesJson } from './recent-minutes.ts';
import { SeasonalRate, type SeasonalRateJson } from './seasonal-rate.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The kinds of values a key is known for. */
export const dimensions = ['endpoint', 'network', 'provider', 'country', 'agent'] as const;
export type Dimension = (typeof dimensions)[number];

/** The amounts a key is known for, by window. */
export const amounts = ['bytesOut', 'denied', 'notFound', 'objects', 'serverErrors', 'rateLimited'] as const;
export type AmountName = (typeof amounts)[number];

/**
 * Everything the detector remembers of one key lineage: a fold over its traffic, saved as JSON in `profiles_v1`.
 * Deterministic: the same traffic in the same order gives the same state.
 */
export class KeyState {
  readonly lineageId: string;
  accountId = '';
  appId = '';
  /** The key of the lineage that was used last. */
  lastKeyId = '';
  firstSeenAt = 0;
  lastSeenAt = 0;
  /** Last request before the current stretch of activity, a stretch ending with an idle hour. */
  lastSeenBefore = 0;
  requests = 0;
  activeDays = 0;
  lateRequests = 0;
  /** Arrivals until this time are in the state. */
  learnedUntil = 0;
  /** Windows that hold flagged traffic are not taught, up to this event time. */
  flaggedUntil = 0;
  readonly known: Record<Dimension, KnownValues>;
  readonly amounts: Record<AmountName, Amount>;
  /** Longest idle stretch between two uses so far, ms, and how many there were. */
  idle = { longestMs: 0, count: 0 };
  /** Requests missed since the last one, and how surprising that is; see `noteSilence`. */
  silence = { expected: 0, surprise: 0 };
  /** Start of the window whose silence was noted last, epoch ms. */
  silenceNotedAt = 0;
  drift = new Drift();
  habits = new Habits();
  mix = new EndpointMix();
  rate: SeasonalRate;
  recent: RecentMinutes;
  /** Rule id → when it last fired and how high. */
  readonly fired: Map<string, { at: number; score: number }>;
  #taughtWindows = 0;
  #taughtHours = 0;
  #lastDay = -1;
  /** Length of the idle stretch that ended last; it joins `idle` when the next one ends. */
  #idleMs = 0;

  /** Minutes of grace before a window counts as complete. */
  static readonly latenessMs = 120_000;
  /** After a gap this long the time in between is skipped, not taught as silence. */
  static readonly gapMsMax = 35 * dayMs;

  constructor(lineageId: string) {
    this.lineageId = lineageId;
    this.known = {
      endpoint: new KnownValues(),
      network: new KnownValues(),
      provider: new KnownValues(),
      country: new KnownValues(),
      agent: new KnownValues(),
    };
    this.amounts = Object.fromEntries(amounts.map((name) => [name, new Amount()])) as Record<
      AmountName,
      Amount
    >;
    this.rate = new SeasonalRate();
    this.recent = new RecentMinutes();
    this.fired = new Map();
  }

  /** Begins a tick in which a key of the lineage is used: teaches what is complete before it. */
  begin(keyId: string, at: number, fleet: FleetFactor): void {
    this.learnedUntil = at;
    this.lastKeyId = keyId;
    this.teachUntil(at, fleet);
  }

  /** Takes in traffic of one event minute. */
  take(minute: number, traffic: Readonly<Traffic>, now: number): void {
    if (this.firstSeenAt === 0) {
      this.firstSeenAt = minute;
      this.#taughtWindows = floorTo(minute, SeasonalRate.windowMs);
      this.#taughtHours = floorTo(minute, hourMs);
    }
    if (minute - this.lastSeenAt > hourMs) this.#endIdleStretch(minute);
    if (minute > this.lastSeenAt) this.lastSeenAt = minute;
    this.requests += traffic.requests;
    this.habits.take(minute, traffic);
    if (this.silence.expected > 0) this.silence = { expected: 0, surprise: 0 };
    const day = Math.floor(minute / dayMs);
    if (day > this.#lastDay) {
      this.#lastDay = day;
      this.activeDays++;
    }
    if (!this.recent.add(minute, traffic, now)) this.lateRequests += traffic.requests;
  }

  /**
   * Notes that nothing came in a window in which it could have. The chance of that is the zero class of the window's
   * negative binomial; windows are multiplied as if each were a draw of its own.
   */
  noteSilence(from: number): void {
    const expected = this.rate.expected(from, from + SeasonalRate.windowMs);
    const shape = this.rate.shape;
    this.silenceNotedAt = from;
    this.silence = {
      expected: this.silence.expected + expected,
      surprise: this.silence.surprise + shape * Math.log10(1 + expected / shape),
    };
  }

  /** Length of the idle stretch that the current activity ended, ms; 0 when there was none. */
  get idleMsBefore(): number {
    return this.#idleMs;
  }

  #endIdleStretch(minute: number): void {
    if (this.lastSeenBefore > 0) {
      this.idle.longestMs = Math.max(this.idle.longestMs, this.#idleMs);
      this.idle.count++;
    }
    this.lastSeenBefore = this.lastSeenAt;
    this.#idleMs = this.lastSeenAt > 0 ? minute - this.lastSeenAt : 0;
  }

  /** Teaches the baseline every window and hour that is complete at `now`, silent ones too. */
  teachUntil(now: number, fleet: FleetFactor): void {
    if (this.firstSeenAt === 0) return;
    const complete = now - KeyState.latenessMs;
    if (complete - this.#taughtHours > KeyState.gapMsMax) {
      this.#taughtWindows = floorTo(complete - KeyState.gapMsMax, SeasonalRate.windowMs);
      this.#taughtHours = floorTo(complete - KeyState.gapMsMax, hourMs);
    }
    while (this.#taughtWindows + SeasonalRate.windowMs <= complete) {
      const from = this.#taughtWindows;
      this.#taughtWindows = from + SeasonalRate.windowMs;
      const traffic = this.recent.sum(from, this.#taughtWindows);
      // A holiday teaches nothing: on the next such day of the week there is none.
      if (fleet.calendar.isHoliday(from)) continue;
      const { monthTurn } = this.habits;
      const isTurn = fleet.calendar.isMonthTurn(from);
      const ordinary = this.rate.expected(from, this.#taughtWindows);
      const usual = isTurn ? ordinary * monthTurn.factor : ordinary;
      this.drift.take(traffic.requests, usual * fleet.of(from), this.rate.shape);
      this.habits.takeWindow(from, traffic.requests, this.rate, usual, fleet);
      if (from < this.flaggedUntil) {
        this.rate.noteFlaggedWindow(traffic.requests);
        continue;
      }
      if (isTurn) monthTurn.learn(traffic.requests, ordinary);
      this.rate.learnWindow(from, traffic.requests);
      if (traffic.requests > 0) for (const name of amounts) this.amounts[name].learn(traffic[name]);
    }
    while (this.#taughtHours + hourMs <= complete) {
      const from = this.#taughtHours;
      this.#taughtHours = from + hourMs;
      if (fleet.calendar.isHoliday(from)) continue;
      const requests = this.recent.requests(from, this.#taughtHours);
      const flagged = from < this.flaggedUntil;
      this.habits.takeHour(from, requests, this.rate, fleet, now, flagged);
      if (!flagged) this.rate.learnHour(from, requests);
    }
    this.recent.forgetBefore(Math.min(this.#taughtHours, now - RecentMinutes.spanMs));
  }

  toJSON(): KeyStateJson {
    return {
      v: 1,
      lineageId: this.lineageId,
      accountId: this.accountId,
      appId: this.appId,
      lastKeyId: this.lastKeyId,
      firstSeenAt: this.firstSeenAt,
      lastSeenAt: this.lastSeenAt,
      lastSeenBefore: this.lastSeenBefore,
      requests: this.requests,
      activeDays: this.activeDays,
      lateRequests: this.lateRequests,
      learnedUntil: this.learnedUntil,
      flaggedUntil: this.flaggedUntil,
      known: Object.fromEntries(dimensions.map((d) => [d, this.known[d].toJSON()])) as KeyStateJson['known'],
      amounts: Object.fromEntries(
        amounts.map((a) => [a, this.amounts[a].toJSON()]),
      ) as KeyStateJson['amounts'],
      idle: [this.idle.longestMs, this.idle.count, this.#idleMs],
      silence: [this.silence.expected, this.silence.surprise, this.silenceNotedAt],
      drift: this.drift.toJSON(),
      habits: this.habits.toJSON(),
      mix: this.mix.toJSON(),
      rate: this.rate.toJSON(),
      recent: this.recent.toJSON(),
      fired: [...this.fired].map(([id, { at, score }]) => [id, at, score]),
      taught: [this.#taughtWindows, this.#taughtHours, this.#lastDay],
    };
  }

  static fromJSON(json: KeyStateJson): KeyState {
    const state = new KeyState(json.lineageId);
    state.accountId = json.accountId;
    state.appId = json.appId;
    state.lastKeyId = json.lastKeyId;
    state.firstSeenAt = json.firstSeenAt;
    state.lastSeenAt = json.lastSeenAt;
    state.lastSeenBefore = json.lastSeenBefore;
    state.requests = json.requests;
    state.activeDays = json.activeDays;
    state.lateRequests = json.lateRequests;
    state.learnedUntil = json.learnedUntil;
    state.flaggedUntil = json.flaggedUntil;
    for (const dimension of dimensions) state.known[dimension] = KnownValues.fromJSON(json.known[dimension]);
    for (const name of amounts) state.amounts[name] = Amount.fromJSON(json.amounts[name]);
    const [longestMs, count, idleMs] = json.idle;
    state.idle = { longestMs, count };
    state.#idleMs = idleMs;
    state.silence = { expected: json.silence[0], surprise: json.silence[1] };
    state.silenceNotedAt = json.silence[2];
    state.drift = Drift.fromJSON(json.drift);
    if (json.habits) state.habits = Habits.fromJSON(json.habits);
    if (json.mix) state.mix = EndpointMix.fromJSON(json.mix);
    state.rate = SeasonalRate.fromJSON(json.rate);
    state.recent = RecentMinutes.fromJSON(json.recent);
    for (const [id, at, score] of json.fired) state.fired.set(id, { at, score });
    [state.#taughtWindows, state.#taughtHours, state.#lastDay] = json.taught;
    return state;
  }
}

export interface KeyStateJson {
  v: 1;
  lineageId: string;
  accountId: string;
  appId: string;
  lastKeyId: string;
  firstSeenAt: number;
  lastSeenAt: number;
  lastSeenBefore: number;
  requests: number;
  activeDays: number;
  lateRequests: number;
  learnedUntil: number;
  flaggedUntil: number;
  known: Record<Dimension, KnownValuesJson>;
  amounts: Record<AmountName, AmountJson>;
  idle: [number, number, number];
  silence: [number, number, number];
  drift: DriftJson;
  /** Absent in profiles of earlier releases. */
  habits?: HabitsJson;
  mix?: EndpointMixJson;
  rate: SeasonalRateJson;
  recent: RecentMinutesJson;
  fired: [string, number, number][];
  taught: [number, number, number];
}

function floorTo(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
