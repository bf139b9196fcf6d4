import { Amount, type AmountJson } from './amount.ts';

const hourMs = 3_600_000;

/**
 * How many different values of one kind a key uses in an hour, by arrival, and what it showed in past active hours.
 * Costs one counter: whether a value is counted already is told by when it was used last.
 */
export class HourlyCount {
  #hour = 0;
  #count = 0;
  #amount = new Amount();

  /** Counts a use, unless the value was used in this hour before. @param lastAt its last use before; 0 for none */
  note(lastAt: number): void {
    if (lastAt < this.#hour) this.#count++;
  }

  /** Begins the hour of a time, and teaches the one before, unless it is flagged: it began before `flaggedUntil`. */
  enter(at: number, flaggedUntil: number): void {
    const hour = Math.floor(at / hourMs) * hourMs;
    if (hour <= this.#hour) return;
    if (this.#count > 0 && this.#hour >= flaggedUntil) this.#amount.learn(this.#count);
    this.#hour = hour;
    this.#count = 0;
  }

  /** Different values in the current hour. */
  get count(): number {
    return this.#count;
  }

  /** What past active hours showed. */
  get past(): Amount {
    return this.#amount;
  }

  toJSON(): HourlyCountJson {
    return [this.#hour, this.#count, this.#amount.toJSON()];
  }

  static fromJSON([hour, count, amount]: HourlyCountJson): HourlyCount {
    const counter = new HourlyCount();
    [counter.#hour, counter.#count] = [hour, count];
    counter.#amount = Amount.fromJSON(amount);
    return counter;
  }
}

export type HourlyCountJson = [hour: number, count: number, past: AmountJson];
