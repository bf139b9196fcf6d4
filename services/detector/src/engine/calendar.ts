const dayMs = 86_400_000;

/** Days that are not like others (UTC): holidays, which the operator names, and the turn of the month. */
export class Calendar {
  readonly #days: ReadonlySet<string>;
  #last = { day: Number.NaN, holiday: false, turn: false };

  /** Days at the end and at the beginning of a month on which accounts are closed and reports are run. */
  static readonly lastDays = 2;
  static readonly firstDays = 2;

  /** @param holidays dates (`2026-12-25`), or days of every year (`12-25`) */
  constructor(holidays: readonly string[] = []) {
    this.#days = new Set(holidays);
  }

  isHoliday(at: number): boolean {
    return this.#kind(at).holiday;
  }

  isMonthTurn(at: number): boolean {
    return this.#kind(at).turn;
  }

  /** Asked for every window of every key, mostly about the same day. */
  #kind(at: number): { readonly holiday: boolean; readonly turn: boolean } {
    const day = Math.floor(at / dayMs);
    if (day === this.#last.day) return this.#last;
    const date = new Date(at).toISOString().slice(0, 10);
    const holiday = this.#days.has(date) || this.#days.has(date.slice(5));
    const inTwoDays = new Date(at + Calendar.lastDays * dayMs).getUTCDate();
    const turn = new Date(at).getUTCDate() <= Calendar.firstDays || inTwoDays <= Calendar.lastDays;
    this.#last = { day, holiday, turn };
    return this.#last;
  }
}
