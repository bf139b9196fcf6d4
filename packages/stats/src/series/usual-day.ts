import { pack, unpackCounts, unpackFloats } from './packed-arrays.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SLOTS_MAX = 288;
const HOURS_OF_WEEK = 168;
/** Days over which a slot of the day forgets, and weeks over which an hour of the week does. */
const DAYS = 7;
const WEEKS = 4;
const COUNT_MAX = 255;

export interface UsualDayState {
  /** Mean value of each slot of the day, packed, and how many values it has seen, up to its memory. */
  day: string;
  daySeen: string;
  /** What each hour of the week usually is above that, and how many values it has seen. */
  week: string;
  weekSeen: string;
}

/**
 * What is usual at a time of day (UTC, slots of five minutes or of the bucket), and how far each hour of the week
 * departs from that, learnt slowly.
 */
export class UsualDay {
  readonly #slots: number;
  readonly #day: Float32Array;
  readonly #daySeen: Uint8Array;
  readonly #dayMemory: number;
  readonly #week: Float32Array;
  readonly #weekSeen: Uint8Array;
  readonly #weekMemory: number;

  constructor(bucketMs: number, state?: UsualDayState) {
    this.#slots = Math.max(1, Math.min(SLOTS_MAX, Math.round(DAY_MS / bucketMs)));
    this.#dayMemory = memory(DAYS * (DAY_MS / this.#slots / bucketMs));
    this.#weekMemory = memory(WEEKS * (HOUR_MS / bucketMs));
    this.#day = state ? unpackFloats(state.day, this.#slots) : new Float32Array(this.#slots);
    this.#daySeen = state ? unpackCounts(state.daySeen, this.#slots) : new Uint8Array(this.#slots);
    this.#week = state ? unpackFloats(state.week, HOURS_OF_WEEK) : new Float32Array(HOURS_OF_WEEK);
    this.#weekSeen = state ? unpackCounts(state.weekSeen, HOURS_OF_WEEK) : new Uint8Array(HOURS_OF_WEEK);
  }

  /** The usual value at this time of day; undefined as long as none has been seen. */
  at(atMs: number): number | undefined {
    const slot = this.#slotOf(atMs);
    return (this.#daySeen[slot] ?? 0) > 0 ? this.#day[slot] : undefined;
  }

  /** What this hour of the week usually is above the usual day; 0 before its second week. */
  weekly(atMs: number): number {
    return this.#week[hourOfWeek(atMs)] ?? 0;
  }

  /** @param trust 0..1, how far this value speaks for what is usual */
  learn(atMs: number, value: number, trust: number): void {
    const slot = this.#slotOf(atMs);
    const seen = this.#daySeen[slot] ?? 0;
    const usual = this.#day[slot] ?? 0;
    if (seen > 0) this.#learnWeek(atMs, value - usual, trust);
    const count = Math.min(seen + 1, this.#dayMemory);
    this.#day[slot] = seen === 0 ? value : usual + (trust * (value - usual)) / count;
    this.#daySeen[slot] = count;
  }

  toJSON(): UsualDayState {
    return {
      day: pack(this.#day),
      daySeen: pack(this.#daySeen),
      week: pack(this.#week),
      weekSeen: pack(this.#weekSeen),
    };
  }

  #learnWeek(atMs: number, above: number, trust: number): void {
    const hour = hourOfWeek(atMs);
    const count = Math.min((this.#weekSeen[hour] ?? 0) + 1, this.#weekMemory);
    const usual = this.#week[hour] ?? 0;
    this.#week[hour] = usual + (trust * (above - usual)) / (count + 1);
    this.#weekSeen[hour] = count;
  }

  #slotOf(atMs: number): number {
    const ofDay = ((atMs % DAY_MS) + DAY_MS) % DAY_MS;
    return Math.floor((ofDay / DAY_MS) * this.#slots) % this.#slots;
  }
}

function memory(values: number): number {
  return Math.max(1, Math.min(COUNT_MAX, Math.floor(values)));
}

function hourOfWeek(atMs: number): number {
  return ((Math.floor(atMs / HOUR_MS) % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
}
