import { negativeBinomialLowerTail, negativeBinomialUpperTail } from '@tripkey/stats';
import { KeyState, type KeyStateJson } from './engine/key-state.ts';

/** What a detector expects of a key, for charts. */
export interface Baseline {
  /** Days with traffic that were learnt from. */
  readonly activeDays: number;
  /** Quarter hours that were learnt from. */
  readonly windows: number;
  /** Requests to expect between two times (epoch ms), and bounds that one of 200 such spans is beyond, on each side. */
  band(from: number, to: number): { expected: number; lower: number; upper: number };
}

const hourMs = 3_600_000;
/** -log10 of the share of spans that lie beyond a bound. */
const beyond = -Math.log10(0.005);

/** Reads what a detector has saved of a key. @throws when it is not a profile of this release. */
export function readBaseline(profile: string): Baseline {
  const { rate, activeDays } = KeyState.fromJSON(JSON.parse(profile) as KeyStateJson);
  const bounds = new Map<string, { lower: number; upper: number }>();
  return {
    activeDays,
    windows: rate.windows,
    band(from, to) {
      let expected = 0;
      for (let at = from; at < to; at += hourMs) expected += rate.expected(at, Math.min(to, at + hourMs));
      const name = expected.toPrecision(3);
      const known = bounds.get(name) ?? boundsOf(Number(name), rate.shape);
      bounds.set(name, known);
      return { expected, ...known };
    },
  };
}

/** The counts of a negative binomial beyond which its tails are less likely than `beyond` says. */
function boundsOf(mean: number, shape: number): { lower: number; upper: number } {
  const upper = firstCount(mean, (count) => negativeBinomialUpperTail(count + 1, mean, shape) >= beyond);
  const lower = firstCount(mean, (count) => negativeBinomialLowerTail(count, mean, shape) <= beyond);
  return { lower: Math.min(lower, upper), upper };
}

/** The least count at which something that stays true has become true. */
function firstCount(mean: number, isTrue: (count: number) => boolean): number {
  let high = Math.max(1, Math.ceil(mean));
  while (!isTrue(high)) high *= 2;
  let low = -1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle)) high = middle;
    else low = middle;
  }
  return high;
}
