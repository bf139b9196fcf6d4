import type { DeadLetter } from './dead-letter.ts';

/** When rejected elements are no longer single accidents. */
export interface RejectLimits {
  /** Share of rejected ones among `elements`, above which reading stops. */
  readonly ratioMax: number;
  /** How many elements a share is taken of. */
  readonly elements: number;
  /** Rejected ones in a row after which reading stops. */
  readonly consecutiveMax: number;
}

/** So many elements are unusable that going on would only empty the topic into the dead letters. */
export class TooManyRejectedError extends Error {
  override readonly name = 'TooManyRejectedError';
  readonly code = 'ingest.too_many_rejected';
}

/** Watches the share of rejected elements of one consumer, in windows of a fixed number of elements. */
export class RejectGuard {
  readonly #limits: RejectLimits;
  #elements = 0;
  #rejected = 0;
  #consecutive = 0;

  constructor(limits: RejectLimits) {
    this.#limits = limits;
  }

  /**
   * Notes what one record gave.
   * @throws {TooManyRejectedError} which says where, why, and what to do
   */
  note(accepted: number, deadLetters: readonly DeadLetter[]): void {
    const rejected = deadLetters.length;
    this.#elements += accepted + rejected;
    this.#rejected += rejected;
    this.#consecutive = accepted > 0 ? 0 : this.#consecutive + rejected;
    const last = deadLetters.at(-1);
    if (last && this.#consecutive >= this.#limits.consecutiveMax) {
      throw tooManyRejected(`${this.#consecutive} elements in a row`, last);
    }
    if (this.#elements < this.#limits.elements) return;
    if (last && this.#rejected > this.#limits.ratioMax * this.#elements) {
      throw tooManyRejected(`${this.#rejected} of ${this.#elements} elements`, last);
    }
    this.#elements = 0;
    this.#rejected = 0;
  }
}

function tooManyRejected(what: string, last: DeadLetter): TooManyRejectedError {
  return new TooManyRejectedError(
    `stopped reading ${last._topic}: ${what} were rejected, the last one at partition ${last._partition}, offset ` +
      `${last._offset} with reason ${last.reason}${last.detail && ` (${last.detail})`}. What was not stored has not ` +
      'been committed and will be read again. Correct what the gateway sends, or raise rejects.ratioMax and ' +
      'rejects.consecutiveMax to let it pass into the dead letters, then start again.',
  );
}
