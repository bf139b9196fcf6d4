import type { Traffic } from '@tripkey/rules';
import { addTraffic, noTraffic } from './traffic.ts';

const minuteMs = 60_000;

/**
 * A key's traffic by event minute, for the last few hours: what windows are summed from, and what is taught to the
 * baseline once it is complete. A minute older than the span is no longer kept (its requests were counted as late).
 */
export class RecentMinutes {
  /** Minutes kept: the longest window, the hour that is still open, and the lateness allowed to it. */
  static readonly spanMs = 3 * 3_600_000;

  #minutes = new Map<number, Traffic>();

  /** Adds traffic of the minute that starts at `minute`; false when that minute is no longer kept. */
  add(minute: number, traffic: Readonly<Traffic>, now: number): boolean {
    if (minute < now - RecentMinutes.spanMs) return false;
    const there = this.#minutes.get(minute);
    if (there) addTraffic(there, traffic);
    else this.#minutes.set(minute, { ...traffic });
    return true;
  }

  /** Sum over the minutes that start in [from, to). */
  sum(from: number, to: number): Traffic {
    const sum = noTraffic();
    for (const [minute, traffic] of this.#minutes) {
      if (minute >= from && minute < to) addTraffic(sum, traffic);
    }
    return sum;
  }

  /** Requests in [from, to). */
  requests(from: number, to: number): number {
    let requests = 0;
    for (const [minute, traffic] of this.#minutes) {
      if (minute >= from && minute < to) requests += traffic.requests;
    }
    return requests;
  }

  forgetBefore(time: number): void {
    for (const minute of this.#minutes.keys()) {
      if (minute < time - minuteMs) this.#minutes.delete(minute);
    }
  }

  toJSON(): [number, Traffic][] {
    return [...this.#minutes];
  }

  static fromJSON(json: [number, Traffic][]): RecentMinutes {
    const recent = new RecentMinutes();
    recent.#minutes = new Map(json);
    return recent;
  }
}
