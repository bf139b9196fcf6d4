import type { Traffic } from '@tripkey/rules';

const windowMs = 15 * 60_000;

/** Which share of all requests broke the server of late: the current quarter of an hour and the one before. */
export class FleetErrors {
  #window = 0;
  #now: [errors: number, requests: number] = [0, 0];
  #before: [errors: number, requests: number] = [0, 0];

  /** Requests by which the share leans on none. */
  static readonly #lean = 20;

  take({ serverErrors, requests }: Readonly<Traffic>, at: number): void {
    const window = Math.floor(at / windowMs) * windowMs;
    if (window > this.#window) {
      this.#before = window === this.#window + windowMs ? this.#now : [0, 0];
      this.#now = [0, 0];
      this.#window = window;
    }
    this.#now[0] += serverErrors;
    this.#now[1] += requests;
  }

  /** The share without what one key made in the last quarter of an hour. */
  shareWithout({ serverErrors, requests }: Readonly<Traffic>): number {
    const errors = Math.max(0, this.#now[0] + this.#before[0] - serverErrors);
    return errors / (Math.max(0, this.#now[1] + this.#before[1] - requests) + FleetErrors.#lean);
  }

  toJSON(): FleetErrorsJson {
    return [this.#window, this.#now, this.#before];
  }

  restore([window, now, before]: FleetErrorsJson): void {
    this.#window = window;
    this.#now = [...now];
    this.#before = [...before];
  }
}

export type FleetErrorsJson = [window: number, now: [number, number], before: [number, number]];
