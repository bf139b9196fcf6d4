import { setTimeout as delay } from 'node:timers/promises';

/** Where time comes from. Services take one, so that tests and backtests can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` on this clock; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {});
  },
};

/**
 * Calls `work` again and again, `everyMs` after the previous call began (at once when it took longer), until the
 * signal aborts. A call is never overlapped by the next.
 * @throws what `work` throws; the loop ends then.
 */
export async function repeat(
  everyMs: number,
  work: () => Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const startedAt = clock.now();
    await work();
    const waitMs = Math.max(0, everyMs - (clock.now() - startedAt));
    try {
      await clock.sleep(waitMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }
}
