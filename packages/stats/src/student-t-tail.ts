import { logRegularisedBeta } from './log-regularised-beta.ts';

/**
 * Chance that a Student t variable exceeds `t`: half I_{nu/(nu+t^2)}(nu/2, 1/2) for t > 0 (DLMF 8.17; Abramowitz &
 * Stegun 26.7.1). It is the predictive tail of a normal quantity whose mean and variance were learnt from few
 * observations.
 *
 * @param t standardised deviation, finite
 * @param degreesOfFreedom > 0
 * @returns a probability; may underflow to 0
 */
export function studentTUpperTail(t: number, degreesOfFreedom: number): number {
  const total = degreesOfFreedom + t * t;
  const beyond =
    Math.exp(logRegularisedBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / total, (t * t) / total)) / 2;
  return t > 0 ? beyond : 1 - beyond;
}
