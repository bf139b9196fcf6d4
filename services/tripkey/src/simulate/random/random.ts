import { hash32, hashText } from './hash.ts';

/** Draws made and thrown away after seeding, so that close seeds do not give close first draws. */
const warmUpDraws = 12;

/**
 * Seeded randomness: the generator is sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, 128 bits of state).
 * Parts of a simulation fork their own by name, so that one part drawing more does not change another.
 */
export class Random {
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | null = null;

  /** @param name the seed: equal names give equal draws */
  constructor(name: string) {
    this.#name = name;
    const seed = hashText(name);
    this.#a = hash32(seed, 1);
    this.#b = hash32(seed, 2, name.length);
    this.#c = hash32(seed, 3) ^ hashText(`${name}#`);
    for (let i = 0; i < warmUpDraws; i++) this.bits();
  }

  /** An independent generator; does not depend on what was drawn from this one. */
  fork(name: string): Random {
    return new Random(`${this.#name}/${name}`);
  }

  /** 32 random bits as an unsigned number. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.bits() / 4_294_967_296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** Log-uniform in [low, high): as likely between 1 and 10 as between 10 and 100. */
  logBetween(low: number, high: number): number {
    return low * (high / low) ** this.unit();
  }

  /** A whole number from low to high, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** A whole number, log-uniform from low to high. */
  logInt(low: number, high: number): number {
    return Math.round(this.logBetween(low, high));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** @throws {RangeError} on an empty list. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[Math.floor(this.unit() * list.length)]!;
  }

  /** A new list in random order (Fisher-Yates). */
  shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(this.unit() * (i + 1));
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }

  /** Index into cumulative weights (ascending, the last one is their sum). */
  weightedIndex(cumulative: ArrayLike<number>): number {
    const target = this.unit() * cumulative[cumulative.length - 1]!;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (target < cumulative[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    for (;;) {
      const u = 2 * this.unit() - 1;
      const v = 2 * this.unit() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = v * factor;
      return u * factor;
    }
  }

  /** @param sigma standard deviation of the logarithm */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Poisson counts as unit-rate arrivals before `mean`; takes time in proportion to the count. */
  poisson(mean: number): number {
    let count = 0;
    for (let t = this.exponential(1); t < mean; t += this.exponential(1)) count++;
    return count;
  }

  /** How many tries until the first success, at least 1; `mean` is above 1. */
  geometric(mean: number): number {
    if (mean <= 1) return 1;
    return 1 + Math.floor(Math.log(1 - this.unit()) / Math.log(1 - 1 / mean));
  }

  /** Gamma with mean 1 and variance 1 / shape (Marsaglia and Tsang 2000, with their boost below shape 1). */
  gamma(shape: number): number {
    if (shape < 1) {
      const boost = (1 - this.unit()) ** (1 / shape);
      return ((this.gamma(shape + 1) * (shape + 1)) / shape) * boost;
    }
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      if (Math.log(1 - this.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / shape;
    }
  }
}
