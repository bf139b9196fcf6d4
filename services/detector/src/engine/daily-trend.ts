import { cusumStep } from '@tripkey/stats';
import type { FleetTrend } from './fleet-trend.ts';

const dayMs = 86_400_000;

/**
 * A rise over days: the upper cumulative sum (Page 1954) of how far the logarithm of a day's requests lies above a
 * long anchor. The anchor follows by a bounded step a day, so that a ramp cannot teach it its own attack; what is
 * usual on a weekday is taken out, and so is what the whole fleet does.
 */
export class DailyTrend {
  #day = -1;
  #total = 0;
  /** Day's logarithm: long anchor, average of the last days, variance about the anchor. */
  #anchor = 0;
  #recent = 0;
  #variance = 0;
  #days = 0;
  #weekdays: number[] = Array.from({ length: 14 }, () => 0);
  #sum = 0;
  #running = 0;
  #peak = 0;
  /** What the day that closed last showed. */
  #last = { closedAt: 0, requests: 0, usual: 0 };

  /** The anchor's weight of a new day never falls below one in so many. */
  static readonly #memoryDays = 60;
  /** So many standard deviations of a day are taught at most. */
  static readonly #taughtMax = 1.5;
  static readonly #deviationMin = 0.2;
  static readonly #deviationMax = 3;
  static readonly #slack = 0.75;
  static readonly #keep = 1 - 1 / 60;
  /** Days before deviations count: until then everything is anchor. */
  static readonly #warmUpDays = 5;
  static readonly sumMax = 60;

  /** Takes in a closed hour; closes the day before when the hour begins another. */
  takeHour(from: number, requests: number, fleet: FleetTrend, at: number): void {
    const day = Math.floor(from / dayMs);
    if (day !== this.#day) {
      if (this.#day >= 0) this.#closeDay(fleet, at);
      this.#day = day;
      this.#total = 0;
    }
    this.#total += requests;
  }

  #closeDay(fleet: FleetTrend, at: number): void {
    const log = Math.log1p(this.#total);
    const slot = 2 * (((this.#day % 7) + 7) % 7);
    const { [slot]: offsetSum = 0, [slot + 1]: offsetDays = 0 } = this.#weekdays;
    const offset = offsetSum / (offsetDays + 1);
    if (this.#days >= DailyTrend.#warmUpDays) {
      const raw = log - this.#anchor - offset;
      const deviation = raw - fleet.shiftOf(this.#day);
      fleet.note(this.#day, raw);
      const spread = Math.max(DailyTrend.#deviationMin, Math.sqrt(this.#variance));
      this.#sum = Math.min(
        DailyTrend.sumMax,
        cusumStep(this.#sum, Math.min(DailyTrend.#deviationMax, deviation / spread), DailyTrend.#slack),
      );
      this.#settle();
      this.#last = { closedAt: at, requests: this.#total, usual: Math.expm1(this.#anchor + offset) };
      const most = DailyTrend.#taughtMax * spread;
      this.#teach(Math.max(-most, Math.min(most, raw)));
    } else this.#teach(this.#days === 0 ? log : log - this.#anchor);
    this.#weekdays[slot] = offsetSum * 0.9 + (this.#days >= 3 ? log - this.#recent : 0);
    this.#weekdays[slot + 1] = offsetDays * 0.9 + (this.#days >= 3 ? 1 : 0);
    this.#recent = this.#days === 0 ? log : this.#recent + (log - this.#recent) / Math.min(7, this.#days + 1);
    this.#days++;
  }

  /** Moves the anchor by a share of a deviation from it. */
  #teach(deviation: number): void {
    const weight = 1 / Math.min(DailyTrend.#memoryDays, this.#days + 1);
    this.#anchor += weight * deviation;
    if (this.#days > 0) this.#variance = (1 - weight) * (this.#variance + weight * deviation ** 2);
  }

  /** A sum that has come back to nothing lifts the record; one that still runs is judged against it. */
  #settle(): void {
    if (this.#sum > 0) {
      this.#running = Math.max(this.#running, this.#sum);
      return;
    }
    this.#peak = Math.max(this.#running, this.#peak * DailyTrend.#keep);
    this.#running = 0;
  }

  get sum(): number {
    return this.#sum;
  }

  /** Highest sum of past rises. */
  get peak(): number {
    return this.#peak;
  }

  /** Closed days behind it. */
  get days(): number {
    return this.#days;
  }

  /** The day that closed last: when it was closed, what was made in it, and what is usual on such a day. */
  get last(): Readonly<{ closedAt: number; requests: number; usual: number }> {
    return this.#last;
  }

  toJSON(): DailyTrendJson {
    const { closedAt, requests, usual } = this.#last;
    return [
      ...[this.#day, this.#total, this.#anchor, this.#recent, this.#variance, this.#days],
      ...[this.#sum, this.#running, this.#peak, closedAt, requests, usual],
      ...this.#weekdays,
    ];
  }

  static fromJSON(json: DailyTrendJson): DailyTrend {
    const trend = new DailyTrend();
    const [day = -1, total = 0, anchor = 0, recent = 0, variance = 0, days = 0] = json;
    const [sum = 0, running = 0, peak = 0, closedAt = 0, requests = 0, usual = 0] = json.slice(6);
    [trend.#day, trend.#total, trend.#anchor, trend.#recent] = [day, total, anchor, recent];
    [trend.#variance, trend.#days, trend.#sum, trend.#running, trend.#peak] = [
      variance,
      days,
      sum,
      running,
      peak,
    ];
    trend.#last = { closedAt, requests, usual };
    trend.#weekdays = json.slice(12);
    return trend;
  }
}

/** Twelve figures, then sums and weights of the weekdays. */
export type DailyTrendJson = number[];
