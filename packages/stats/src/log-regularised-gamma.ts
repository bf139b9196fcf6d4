import { gammaln } from 'simple-statistics';

/** ln P(a, x) and ln Q(a, x) = ln(1 - P(a, x)). */
export interface LogGammaTails {
  lower: number;
  upper: number;
}

const EPSILON = 1e-15;
const TINY = 1e-300;

/**
 * Logarithms of both regularised incomplete gamma functions, so that tails far below 1e-308 keep their size.
 *
 * Series for x < a + 1 (DLMF 8.7.1), Lentz's continued fraction above (DLMF 8.9.2; Press et al., "Numerical
 * Recipes", 6.2). Both need some sqrt(a) terms.
 *
 * @param a shape, > 0
 * @param x point, >= 0, may be Infinity
 * @throws RangeError when an argument is outside its range
 */
export function logRegularisedGamma(a: number, x: number): LogGammaTails {
  if (!(a > 0) || a === Infinity || !(x >= 0)) {
    throw new RangeError(`logRegularisedGamma: a = ${a}, x = ${x}`);
  }
  if (x === 0) return { lower: -Infinity, upper: 0 };
  if (x === Infinity) return { lower: 0, upper: -Infinity };
  const front = a * Math.log(x) - x - gammaln(a);
  if (x < a + 1) {
    const lower = Math.min(0, front + Math.log(series(a, x)));
    return { lower, upper: logOneMinusExp(lower) };
  }
  const upper = Math.min(0, front + Math.log(fraction(a, x)));
  return { lower: logOneMinusExp(upper), upper };
}

/** ln(1 - e^y) for y <= 0 without cancellation (Maechler 2012, "Accurately Computing log(1 - exp(-|a|))"). */
export function logOneMinusExp(y: number): number {
  return y > -Math.LN2 ? Math.log(-Math.expm1(y)) : Math.log1p(-Math.exp(y));
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n <= termsMax(a); n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i <= termsMax(a); i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    const delta = c * d;
    h *= delta;
    if (Math.abs(delta - 1) < EPSILON) break;
  }
  return h;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

function termsMax(a: number): number {
  return 500 + 20 * Math.sqrt(a);
}
