import { logRegularisedGamma } from './log-regularised-gamma.ts';
import { surpriseOfLog } from './surprise.ts';

/**
 * Surprise of a chi-square statistic at least this large: Q(df / 2, x / 2), DLMF 8.2.4.
 *
 * @param x statistic, >= 0
 * @param degreesOfFreedom > 0
 * @returns -log10 P(X >= x)
 * @throws RangeError for arguments outside these ranges
 */
export function chiSquareUpperTail(x: number, degreesOfFreedom: number): number {
  return surpriseOfLog(logRegularisedGamma(degreesOfFreedom / 2, x / 2).upper);
}
