import { setImmediate as soon } from 'node:timers/promises';
import type { Clock } from '@tripkey/service-kit';

/** A clock on which time passes only by sleeping, and sleeping takes no time: for loops that a test lets run out. */
export class HastyClock implements Clock {
  #now = Date.parse('2026-03-02T10:00:00.000Z');

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await soon();
    signal?.throwIfAborted();
    this.#now += Math.ceil(ms);
  }
}
