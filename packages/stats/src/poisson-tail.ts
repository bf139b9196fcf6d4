import { logRegularisedGamma } from './log-regularised-gamma.ts';
import { surpriseOfLog } from './surprise.ts';

/**
 * Surprise of `k` or more events when `mean` are expected: P(X >= k) = P(k, mean), DLMF 8.4.10.
 *
 * @param k events seen, >= 0; fractions are read by the continuous extension
 * @param mean events expected, >= 0
 * @returns -log10 P(X >= k); Infinity when nothing was expected and something came
 * @throws RangeError for negative or not finite arguments
 */
export function poissonUpperTail(k: number, mean: number): number {
  if (k === 0) return 0;
  return surpriseOfLog(logRegularisedGamma(k, mean).lower);
}

/**
 * Surprise of `k` or fewer events when `mean` are expected: P(X <= k) = Q(k + 1, mean).
 *
 * @returns -log10 P(X <= k)
 * @throws RangeError for negative or not finite arguments
 */
export function poissonLowerTail(k: number, mean: number): number {
  return surpriseOfLog(logRegularisedGamma(k + 1, mean).upper);
}
