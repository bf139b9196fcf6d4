import type { Clock } from '@tripkey/service-kit';

const minuteMs = 60_000;

/** A token bucket for each key: a minute's worth at once, then as fast as it fills. One entry for each limited key. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes one request out of the key's allowance.
   * @param perMinute requests a minute
   * @returns how long to wait, ms; 0 when the request may pass
   */
  take(keyId: string, perMinute: number): number {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(keyId) ?? { tokens: perMinute, at: now };
    const tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) / minuteMs) * perMinute);
    const passes = tokens >= 1;
    this.#buckets.set(keyId, { tokens: passes ? tokens - 1 : tokens, at: now });
    if (passes) return 0;
    return perMinute > 0 ? ((1 - tokens) / perMinute) * minuteMs : minuteMs;
  }
}
