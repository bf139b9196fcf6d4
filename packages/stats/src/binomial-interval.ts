import { binomialUpperTail } from './binomial-tail.ts';

/** Halvings of [0, 1]: enough for the precision of a double near any share that can be counted. */
const halvings = 60;

/**
 * Exact confidence interval of a share of which `k` in `n` were seen (Clopper & Pearson 1934, "The use of confidence
 * or fiducial limits illustrated in the case of the binomial"): the chances under which neither so many nor so few
 * would be a surprise. The trials must not depend on each other; where they do, the truth is wider.
 *
 * @param k successes, 0..n
 * @param n trials, >= 0; without any, nothing is known: [0, 1]
 * @param confidence that the interval holds the true share, 0..1, both excluded
 * @returns both ends, 0..1
 * @throws RangeError for arguments outside these ranges
 */
export function binomialInterval(k: number, n: number, confidence = 0.95): [low: number, high: number] {
  if (!(k >= 0 && k <= n) || !Number.isFinite(n) || !(confidence > 0 && confidence < 1)) {
    throw new RangeError(`binomialInterval: k = ${k}, n = ${n}, confidence = ${confidence}`);
  }
  if (n === 0) return [0, 1];
  const surprise = -Math.log10((1 - confidence) / 2);
  return [lowEnd(k, n, surprise), 1 - lowEnd(n - k, n, surprise)];
}

/** The chance under which `k` or more successes surprise by exactly so much; the more likely they are, the less. */
function lowEnd(k: number, n: number, surprise: number): number {
  if (k === 0) return 0;
  let [low, high] = [0, 1];
  for (let i = 0; i < halvings; i++) {
    const p = (low + high) / 2;
    if (binomialUpperTail(k, n, p) > surprise) low = p;
    else high = p;
  }
  return low;
}
