import { gammaln } from 'simple-statistics';
import { logOneMinusExp } from './log-regularised-gamma.ts';

const EPSILON = 1e-15;
const TINY = 1e-300;

/**
 * ln I_x(a, b), the logarithm of the regularised incomplete beta function, good far below 1e-308.
 *
 * Lentz's continued fraction of DLMF 8.17.22 (Press et al., "Numerical Recipes", 6.4), with the symmetry
 * I_x(a, b) = 1 - I_{1-x}(b, a) where the fraction converges slowly.
 *
 * @param a first shape, > 0
 * @param b second shape, > 0
 * @param x point in 0..1
 * @param y 1 - x; pass it when x is near 1 and 1 - x is known without cancellation
 * @throws RangeError when an argument is outside its range
 */
export function logRegularisedBeta(a: number, b: number, x: number, y: number = 1 - x): number {
  if (
    !(a > 0) ||
    !(b > 0) ||
    a === Infinity ||
    b === Infinity ||
    !(x >= 0 && x <= 1) ||
    !(y >= 0 && y <= 1)
  ) {
    throw new RangeError(`logRegularisedBeta: a = ${a}, b = ${b}, x = ${x}, 1 - x = ${y}`);
  }
  if (x === 0) return -Infinity;
  if (y === 0) return 0;
  const front = gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(y);
  if (x < (a + 1) / (a + b + 2)) return Math.min(0, front + Math.log(fraction(a, b, x) / a));
  return logOneMinusExp(Math.min(0, front + Math.log(fraction(b, a, y) / b)));
}

function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  const termsMax = 500 + 20 * Math.sqrt(Math.max(a, b));
  for (let m = 1; m <= termsMax; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < EPSILON) break;
  }
  return h;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
