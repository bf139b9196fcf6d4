import { setTimeout as delay } from 'node:timers/promises';

/** Time as the emitter uses it; a test gives one that it can move. */
export interface EmitterClock {
  /** Epoch ms. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The timers of an emitter keep no process alive; `flush` and `close` do while they are waited for. */
export const systemClock: EmitterClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { ref: false, signal });
  },
};

/** Sleeps for up to `ms`; wakes when the signal aborts. */
export async function sleepUntil(clock: EmitterClock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
