const GAPS_READ = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const FALLBACK_MS = 5 * MINUTE_MS;

/**
 * Time one row of a series stands for: the median of its first hundred steps, between a minute and an hour. Only the
 * first ones, so that what comes later in a file cannot change how its beginning is judged.
 *
 * @param times epoch milliseconds in file order
 */
export function bucketWidthMs(times: readonly number[]): number {
  const steps: number[] = [];
  for (let i = 1; i < times.length && steps.length < GAPS_READ; i += 1) {
    const step = (times[i] ?? 0) - (times[i - 1] ?? 0);
    if (step > 0) steps.push(step);
  }
  if (steps.length === 0) return FALLBACK_MS;
  steps.sort((a, b) => a - b);
  const median = steps[Math.floor(steps.length / 2)] ?? FALLBACK_MS;
  return Math.min(HOUR_MS, Math.max(MINUTE_MS, median));
}
