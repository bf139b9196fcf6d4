import { chiSquareUpperTail } from './chi-square-tail.ts';

export interface GTest {
  /** The statistic G, >= 0. */
  g: number;
  degreesOfFreedom: number;
  /** -log10 of the chance of a G this large when both mixes are one. */
  surprise: number;
}

/**
 * Likelihood-ratio test of whether two mixes of counts (requests by endpoint, now and before) come from one
 * distribution: G = 2 sum O ln(O / E) over the 2 x n table, with Williams's correction for small counts (Sokal &
 * Rohlf, "Biometry", 17.4). G is twice the total count times the mutual information in nats, so it is the
 * entropy of the mix shift put on a scale of chance.
 *
 * @param now counts by category, >= 0
 * @param before counts by the same categories, >= 0
 * @returns surprise 0 when there is nothing to compare (an empty side, fewer than two categories in use)
 * @throws RangeError when lengths differ or a count is negative or not finite
 */
export function gTest(now: readonly number[], before: readonly number[]): GTest {
  if (now.length !== before.length)
    throw new RangeError(`gTest: ${now.length} and ${before.length} categories`);
  const nowTotal = total(now);
  const beforeTotal = total(before);
  const all = nowTotal + beforeTotal;
  let informed = 0;
  let categories = 0;
  let reciprocals = 0;
  for (const [i, seen] of now.entries()) {
    const past = before[i] ?? 0;
    const column = seen + past;
    if (column === 0) continue;
    categories += 1;
    reciprocals += 1 / column;
    informed += excess(seen, (column * nowTotal) / all) + excess(past, (column * beforeTotal) / all);
  }
  if (categories < 2 || nowTotal === 0 || beforeTotal === 0)
    return { g: 0, degreesOfFreedom: 0, surprise: 0 };
  const degreesOfFreedom = categories - 1;
  const rows = all / nowTotal + all / beforeTotal - 1;
  const williams = 1 + (rows * (all * reciprocals - 1)) / (6 * all * degreesOfFreedom);
  const g = Math.max(0, 2 * informed) / williams;
  return { g, degreesOfFreedom, surprise: chiSquareUpperTail(g, degreesOfFreedom) };
}

function total(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) {
    if (!(count >= 0) || count === Infinity) throw new RangeError(`gTest: a count of ${count}`);
    sum += count;
  }
  return sum;
}

function excess(observed: number, expected: number): number {
  return observed === 0 ? 0 : observed * Math.log(observed / expected);
}
