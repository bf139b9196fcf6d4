import { setTimeout as pass, setImmediate as soon } from 'node:timers/promises';
import type { Clock } from '@tripkey/service-kit';

/**
 * A clock on which time passes only by sleeping, and short sleeps take no time: for loops that a test lets run out. Long
 * ones take theirs, so that what is done now and then beside such a loop is not done all the time.
 */
export class HastyClock implements Clock {
  readonly #longMs: number;
  #now = Date.parse('2026-03-02T10:00:00.000Z');

  constructor(longMs = 1_000) {
    this.#longMs = longMs;
  }

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await (ms >= this.#longMs ? pass(ms, undefined, signal ? { signal } : {}) : soon());
    signal?.throwIfAborted();
    this.#now += Math.ceil(ms);
  }
}
