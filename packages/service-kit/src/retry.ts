import type { Clock } from './clock.ts';

export interface RetryOptions {
  clock: Clock;
  signal?: AbortSignal;
  /** First wait; doubles up to `waitMsMax`, each time shortened by up to half at random (jitter). */
  waitMsMin?: number;
  waitMsMax?: number;
  /** Attempts in all; without it, for ever. */
  attemptsMax?: number;
  /** Whether an error is worth another attempt; by default every error is. */
  worthRetry?: (error: unknown) => boolean;
  onRetry?: (error: unknown, attempt: number, waitMs: number) => void;
  random?: () => number;
}

/**
 * Runs one step until it succeeds, with exponential back-off and jitter.
 * @throws the last error when attempts run out, when it is not worth a retry, or when the signal aborts.
 */
export async function retry<T>(step: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const {
    waitMsMin = 100,
    waitMsMax = 30_000,
    attemptsMax = Number.POSITIVE_INFINITY,
    random = Math.random,
  } = options;
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await step(attempt);
    } catch (error) {
      if (options.signal?.aborted || attempt >= attemptsMax || options.worthRetry?.(error) === false)
        throw error;
      const waitMs = Math.min(waitMsMax, waitMsMin * 2 ** (attempt - 1)) * (1 - random() / 2);
      options.onRetry?.(error, attempt, waitMs);
      await options.clock.sleep(waitMs, options.signal);
    }
  }
}
