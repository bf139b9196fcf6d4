const hourMs = 3_600_000;
const hoursOfDay = 24;
const daysOfMean = 7;

/** How many keys were used for the first time of late, by the hour. Whole numbers, so their order makes no difference. */
export class Births {
  readonly #byHour = new Map<number, number>();

  /** @param at the first use of a key, epoch ms */
  note(at: number): void {
    const hour = Math.floor(at / hourMs);
    this.#byHour.set(hour, (this.#byHour.get(hour) ?? 0) + 1);
  }

  /** Keys that are in their first day: those of the past day, or of a mean day of the week where that is more. */
  young(at: number): number {
    const now = Math.floor(at / hourMs);
    let [ofDay, ofWeek] = [0, 0];
    for (const [hour, keys] of this.#byHour) {
      const age = now - hour;
      if (age > daysOfMean * hoursOfDay) this.#byHour.delete(hour);
      else ofWeek += keys;
      if (age <= hoursOfDay) ofDay += keys;
    }
    return Math.max(ofDay, ofWeek / daysOfMean);
  }
}
