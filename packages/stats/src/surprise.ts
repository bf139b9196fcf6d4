/**
 * Surprise: -log10 of a probability. 3 is one in a thousand. It is what every tail in this package returns, because
 * probabilities of attacks underflow and surprises add up.
 *
 * @param logProbability natural logarithm of a probability, <= 0, may be -Infinity
 * @returns a number >= 0; Infinity for the impossible
 */
export function surpriseOfLog(logProbability: number): number {
  return Math.max(0, -logProbability / Math.LN10);
}
