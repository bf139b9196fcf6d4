import { dayMs } from '../calendar/durations.ts';
import type { ZoneClock } from '../calendar/zone-clock.ts';
import { Random } from '../random/random.ts';
import type { Swell } from '../world.ts';

export interface TempoParts {
  readonly seed: string;
  readonly clock: ZoneClock;
  /** Mean 1 over a week. */
  readonly shape: Float64Array;
  /** What is left of a day on which the office is closed, 0 to 1. */
  readonly closedShare: number;
  /** Relative growth a day. */
  readonly growth: number;
  /** Standard deviation of the logarithm of whole days. */
  readonly dayNoise: number;
  /** Share of working days on which the customer is closed for reasons of their own. */
  readonly closures: number;
  readonly swells: readonly Swell[];
  /** How much of a fleet-wide rise reaches this key, 0 to 1. */
  readonly swellShare: number;
  /** Where growth begins, epoch ms. */
  readonly start: number;
}

/** How busy one key is at a moment, relative to its average day. */
export class Tempo {
  readonly #parts: TempoParts;
  readonly #days = new Map<number, number>();

  constructor(parts: TempoParts) {
    this.#parts = parts;
  }

  get clock(): ZoneClock {
    return this.#parts.clock;
  }

  /** Season, growth, this day's luck, and what the whole fleet does. 1 is the average. */
  at(at: number): number {
    const { clock, shape } = this.#parts;
    return shape[clock.hourOfWeek(at)]! * this.day(at) * this.#swell(at);
  }

  /** The part that is the same for a whole local day; without the season of the week. */
  day(at: number): number {
    const day = this.#parts.clock.day(at);
    let factor = this.#days.get(day);
    if (factor === undefined) {
      factor = this.#dayFactor(day, at);
      this.#days.set(day, factor);
    }
    return factor;
  }

  #dayFactor(day: number, at: number): number {
    const { seed, clock, closedShare, closures, growth, dayNoise, start } = this.#parts;
    const random = new Random(`${seed}/day/${day}`);
    const closed = clock.isHoliday(at) || (!clock.isWeekend(at) && random.chance(closures));
    // By the day, not by `at`: whoever asks first must not decide for the others.
    const grown = Math.exp(growth * (day - Math.floor(start / dayMs)));
    return grown * random.lognormal(1, dayNoise) * (closed ? closedShare : 1);
  }

  #swell(at: number): number {
    let factor = 1;
    for (const swell of this.#parts.swells) {
      if (at >= swell.from && at < swell.to) factor *= 1 + (swell.factor - 1) * this.#parts.swellShare;
    }
    return factor;
  }
}
