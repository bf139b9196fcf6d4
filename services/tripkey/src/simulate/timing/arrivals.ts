import { minuteMs } from '../calendar/durations.ts';
import type { Random } from '../random/random.ts';

/** Within a slot the rate stays what it was at the slot's begin. */
const slotMs = 10 * minuteMs;

export interface Span {
  /** Epoch ms, included. */
  readonly from: number;
  /** Epoch ms, excluded. */
  readonly to: number;
}

/**
 * Poisson arrivals at a rate that changes with time, exact for a rate that is constant within slots of ten minutes:
 * unit-exponential waits are spent at the rate of the slot they fall into (time change of a Poisson process).
 * @param rateAt arrivals a millisecond
 * @yields epoch ms, ascending
 */
export function* arrivals(random: Random, span: Span, rateAt: (at: number) => number): Generator<number> {
  let wait = random.exponential(1);
  for (let slot = span.from; slot < span.to; slot = (Math.floor(slot / slotMs) + 1) * slotMs) {
    const end = Math.min(span.to, (Math.floor(slot / slotMs) + 1) * slotMs);
    const rate = rateAt(slot);
    let at = slot;
    while (wait < rate * (end - at)) {
      at += wait / rate;
      yield at;
      wait = random.exponential(1);
    }
    wait -= rate * (end - at);
  }
}

/**
 * A rate that swings around the given one, as real clients' rates do: each stretch of time has its own gamma factor
 * with mean 1, so that counts get over-dispersed (negative binomial).
 * @param shape of the gamma; smaller means burstier
 * @param stretchMs how long one factor holds
 */
export function modulated(
  random: Random,
  rateAt: (at: number) => number,
  { shape, stretchMs }: { shape: number; stretchMs: number },
): (at: number) => number {
  let stretch = Number.NaN;
  let factor = 1;
  return (at) => {
    const now = Math.floor(at / stretchMs);
    if (now !== stretch) {
      stretch = now;
      factor = random.gamma(shape);
    }
    return rateAt(at) * factor;
  };
}
