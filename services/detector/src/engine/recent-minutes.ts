import type { Traffic } from '@tripkey/rules';
import { addTraffic, noTraffic } from './traffic.ts';

const minuteMs = 60_000;

/**
 * A key's traffic by event minute, for the last few hours: what windows are summed from, and what is taught to the
 * baseline once it is complete. A minute older than the span is no longer kept (its requests were counted as late).
 *
 * Minutes stand in the order of time, so that a window, which is asked for at every tick, costs its own length.
 */
export class RecentMinutes {
  /** Minutes kept: the longest window, the hour that is still open, and the lateness allowed to it. */
  static readonly spanMs = 3 * 3_600_000;

  #minutes: [minute: number, traffic: Traffic][] = [];

  /** Adds traffic of the minute that starts at `minute`; false when that minute is no longer kept. */
  add(minute: number, traffic: Readonly<Traffic>, now: number): boolean {
    if (minute < now - RecentMinutes.spanMs) return false;
    const at = this.#begin(minute);
    const there = this.#minutes[at];
    if (there?.[0] === minute) addTraffic(there[1], traffic);
    else this.#minutes.splice(at, 0, [minute, { ...traffic }]);
    return true;
  }

  /** Sum over the minutes that start in [from, to). */
  sum(from: number, to: number): Traffic {
    const sum = noTraffic();
    for (let i = this.#begin(from); i < this.#minutes.length; i++) {
      const [minute, traffic] = this.#minutes[i]!;
      if (minute >= to) break;
      addTraffic(sum, traffic);
    }
    return sum;
  }

  /** Requests in [from, to). */
  requests(from: number, to: number): number {
    let requests = 0;
    for (let i = this.#begin(from); i < this.#minutes.length; i++) {
      const [minute, traffic] = this.#minutes[i]!;
      if (minute >= to) break;
      requests += traffic.requests;
    }
    return requests;
  }

  forgetBefore(time: number): void {
    const kept = this.#begin(time - minuteMs);
    if (kept > 0) this.#minutes.splice(0, kept);
  }

  /** Where the first minute at or after a time stands. From the end, because what is asked for is recent. */
  #begin(time: number): number {
    let at = this.#minutes.length;
    while (at > 0 && this.#minutes[at - 1]![0] >= time) at--;
    return at;
  }

  toJSON(): [number, Traffic][] {
    return this.#minutes;
  }

  static fromJSON(json: [number, Traffic][]): RecentMinutes {
    const recent = new RecentMinutes();
    // Profiles of earlier releases hold them in the order of their coming.
    recent.#minutes = json.map(([minute, traffic]) => [minute, traffic] as [number, Traffic]);
    recent.#minutes.sort(([a], [b]) => a - b);
    return recent;
  }
}
