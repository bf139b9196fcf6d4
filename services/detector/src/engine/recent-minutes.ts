import type { Traffic } from '@tripkey/rules';
import { noTraffic } from './traffic.ts';

const minuteMs = 60_000;
/** Numbers that a minute takes: its start and its traffic in the order of `noTraffic`. */
const width = 9;

/**
 * A key's traffic by event minute, for the last few hours: what windows are summed from, and what is taught to the
 * baseline once it is complete. A minute older than the span is no longer kept (its requests were counted as late).
 *
 * Minutes stand in the order of time, so that a window, which is asked for at every tick, costs its own length; and in
 * one array of numbers, because a large installation remembers tens of millions of them.
 */
export class RecentMinutes {
  /** Minutes kept: the longest window, the hour that is still open, and the lateness allowed to it. */
  static readonly spanMs = 3 * 3_600_000;

  #numbers: number[] = [];

  /** Adds traffic of the minute that starts at `minute`; false when that minute is no longer kept. */
  add(minute: number, traffic: Readonly<Traffic>, now: number): boolean {
    if (minute < now - RecentMinutes.spanMs) return false;
    const numbers = this.#numbers;
    const at = this.#begin(minute);
    if (numbers[at] !== minute) numbers.splice(at, 0, minute, 0, 0, 0, 0, 0, 0, 0, 0);
    // Written out, here and in `sum`: a loop over names takes several times as long.
    numbers[at + 1]! += traffic.requests;
    numbers[at + 2]! += traffic.accepted;
    numbers[at + 3]! += traffic.denied;
    numbers[at + 4]! += traffic.notFound;
    numbers[at + 5]! += traffic.rateLimited;
    numbers[at + 6]! += traffic.serverErrors;
    numbers[at + 7]! += traffic.bytesOut;
    numbers[at + 8]! += traffic.objects;
    return true;
  }

  /** Sum over the minutes that start in [from, to). */
  sum(from: number, to: number): Traffic {
    const numbers = this.#numbers;
    const sum = noTraffic();
    for (let at = this.#begin(from); at < numbers.length && numbers[at]! < to; at += width) {
      sum.requests += numbers[at + 1]!;
      sum.accepted += numbers[at + 2]!;
      sum.denied += numbers[at + 3]!;
      sum.notFound += numbers[at + 4]!;
      sum.rateLimited += numbers[at + 5]!;
      sum.serverErrors += numbers[at + 6]!;
      sum.bytesOut += numbers[at + 7]!;
      sum.objects += numbers[at + 8]!;
    }
    return sum;
  }

  /** Requests in [from, to). */
  requests(from: number, to: number): number {
    const numbers = this.#numbers;
    let requests = 0;
    for (let at = this.#begin(from); at < numbers.length && numbers[at]! < to; at += width)
      requests += numbers[at + 1]!;
    return requests;
  }

  forgetBefore(time: number): void {
    const numbers = this.#numbers;
    let kept = 0;
    while (kept < numbers.length && numbers[kept]! < time - minuteMs) kept += width;
    if (kept > 0) numbers.splice(0, kept);
  }

  /** Where the first minute at or after a time stands. From the end, because what is asked for is recent. */
  #begin(time: number): number {
    let at = this.#numbers.length;
    while (at > 0 && this.#numbers[at - width]! >= time) at -= width;
    return at;
  }

  toJSON(): RecentMinutesJson {
    return this.#numbers;
  }

  /** @param json profiles of earlier releases hold minutes as pairs, in the order of their coming */
  static fromJSON(json: RecentMinutesJson | readonly (readonly [number, Traffic])[]): RecentMinutes {
    const recent = new RecentMinutes();
    for (const part of json) {
      if (typeof part === 'number') recent.#numbers.push(part);
      else recent.add(part[0], part[1], part[0]);
    }
    return recent;
  }
}

/** Of each minute its start, epoch ms, and the numbers of its traffic, one after the other. */
export type RecentMinutesJson = readonly number[];
