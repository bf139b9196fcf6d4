import { logRegularisedBeta } from './log-regularised-beta.ts';
import { surpriseOfLog } from './surprise.ts';

/**
 * Surprise of `k` or more successes in `n` trials of chance `p`: P(X >= k) = I_p(k, n - k + 1), DLMF 8.17.5.
 *
 * @param k successes, >= 0
 * @param n trials, >= 0
 * @param p chance of one success, 0..1
 * @returns -log10 P(X >= k); Infinity when k > n
 * @throws RangeError for arguments outside these ranges
 */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (!(k >= 0) || !(n >= 0) || n === Infinity || !(p >= 0 && p <= 1)) {
    throw new RangeError(`binomialUpperTail: k = ${k}, n = ${n}, p = ${p}`);
  }
  if (k === 0) return 0;
  if (k > n) return Infinity;
  return surpriseOfLog(logRegularisedBeta(k, n - k + 1, p));
}
