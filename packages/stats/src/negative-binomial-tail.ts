import { logRegularisedBeta } from './log-regularised-beta.ts';
import { poissonLowerTail, poissonUpperTail } from './poisson-tail.ts';
import { surpriseOfLog } from './surprise.ts';

/**
 * Surprise of `k` or more events of an over-dispersed count: negative binomial, a Poisson whose rate is
 * Gamma-distributed, with variance mean + mean^2 / shape. P(X >= k) = I_{mean/(mean+shape)}(k, shape)
 * (Johnson, Kemp & Kotz, "Univariate Discrete Distributions", 5.6).
 *
 * @param k events seen, >= 0; fractions are read by the continuous extension
 * @param mean events expected, >= 0
 * @param shape > 0; small is bursty, Infinity is Poisson
 * @returns -log10 P(X >= k), stable far beyond 300; Infinity when nothing was expected and something came
 * @throws RangeError for arguments outside these ranges
 */
export function negativeBinomialUpperTail(k: number, mean: number, shape: number): number {
  if (isNearlyPoisson(mean, shape)) return poissonUpperTail(k, mean);
  check(k, mean, shape);
  if (k === 0) return 0;
  const total = mean + shape;
  return surpriseOfLog(logRegularisedBeta(k, shape, mean / total, shape / total));
}

/**
 * Surprise of `k` or fewer events of the same distribution: P(X <= k) = I_{shape/(mean+shape)}(shape, k + 1).
 *
 * @returns -log10 P(X <= k)
 * @throws RangeError for arguments outside the ranges of the upper tail
 */
export function negativeBinomialLowerTail(k: number, mean: number, shape: number): number {
  if (isNearlyPoisson(mean, shape)) return poissonLowerTail(k, mean);
  check(k, mean, shape);
  const total = mean + shape;
  return surpriseOfLog(logRegularisedBeta(shape, k + 1, shape / total, mean / total));
}

/** Beyond this the extra variance is below 1e-9 of the mean, and the beta function would only lose digits. */
function isNearlyPoisson(mean: number, shape: number): boolean {
  return shape === Infinity || shape > 1e9 * Math.max(1, mean);
}

function check(k: number, mean: number, shape: number): void {
  if (!(k >= 0) || k === Infinity || !(mean >= 0) || mean === Infinity || !(shape > 0)) {
    throw new RangeError(`negative binomial: k = ${k}, mean = ${mean}, shape = ${shape}`);
  }
}
