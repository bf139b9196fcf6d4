/**
 * What a key does at the turn of the month, against what the hour of the week leads one to expect: so the third time
 * that accounts are closed is no spike, and no rise that teaches the other days.
 */
export class MonthTurn {
  #requests = 0;
  #expected = 0;
  #peak = 0;

  /** What a turn keeps per window of the next one: two days and more are nearly four hundred. */
  static readonly #keep = 1 - 1 / 1_500;
  /** Requests by which the factor leans on one. */
  static readonly #lean = 50;
  static readonly #factorMax = 50;

  /** Takes in a closed window of a turn. */
  learn(requests: number, expected: number): void {
    const keep = MonthTurn.#keep;
    this.#requests = this.#requests * keep + requests;
    this.#expected = this.#expected * keep + expected;
    this.#peak = Math.max(requests, this.#peak * keep);
  }

  /** Times the usual that is to be expected at a turn; never less than 1. */
  get factor(): number {
    const factor = (this.#requests + MonthTurn.#lean) / (this.#expected + MonthTurn.#lean);
    return Math.min(MonthTurn.#factorMax, Math.max(1, factor));
  }

  /** Most requests in a window of a turn so far. */
  get peak(): number {
    return this.#peak;
  }

  toJSON(): MonthTurnJson {
    return [this.#requests, this.#expected, this.#peak];
  }

  static fromJSON([requests, expected, peak]: MonthTurnJson): MonthTurn {
    const turn = new MonthTurn();
    [turn.#requests, turn.#expected, turn.#peak] = [requests, expected, peak];
    return turn;
  }
}

export type MonthTurnJson = [requests: number, expected: number, peak: number];
