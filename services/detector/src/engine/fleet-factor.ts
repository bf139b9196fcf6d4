import { Calendar } from './calendar.ts';
import { FleetTrend } from './fleet-trend.ts';

/** What explains a window for every key: how many times the requests to expect all keys together made, and the day. */
export class FleetFactor {
  #factors = new Map<number, number>();
  readonly trend = new FleetTrend();
  readonly calendar: Calendar;

  static readonly #windowsMax = 96;
  /** Below this many requests to expect, a factor says nothing. */
  static readonly #expectedMin = 50;

  constructor(calendar = new Calendar()) {
    this.calendar = calendar;
  }

  /** Notes a closed window of the fleet. */
  note(window: number, requests: number, expected: number): void {
    this.#factors.set(window, expected >= FleetFactor.#expectedMin ? requests / expected : 1);
    const oldest = this.#factors.keys().next().value;
    if (this.#factors.size > FleetFactor.#windowsMax && oldest !== undefined) this.#factors.delete(oldest);
  }

  /** What a rise of the whole fleet explains of a rise in a window; never less than 1. */
  of(window: number): number {
    return Math.max(1, this.#factors.get(window) ?? 1);
  }

  /** What a fall of the whole fleet explains of a fall in a window; never more than 1. */
  fallOf(window: number): number {
    return Math.min(1, this.#factors.get(window) ?? 1);
  }

  toJSON(): [number, number][] {
    return [...this.#factors];
  }

  restore(json: [number, number][]): void {
    this.#factors = new Map(json);
  }
}
