import type { RequestHandler, Response } from 'express';

/**
 * Room for bodies that come from anybody: so many requests are under way at a time. When all places are taken, the one
 * whose body has been coming longest is ended for the next, so that nobody holds a place by sending slowly.
 */
export class BodyRoom {
  readonly #requestsMax: number;
  /** Whether a request's body is still coming; oldest first. */
  readonly #underWay = new Map<Response, boolean>();

  constructor(requestsMax: number) {
    this.#requestsMax = requestsMax;
  }

  /** To be mounted before what reads the body: 429 when every place is taken by a body that is there and looked at. */
  readonly enter: RequestHandler = (_request, response, next) => {
    if (this.#underWay.size >= this.#requestsMax && !this.#endSlowest()) {
      response.set('Retry-After', '5').status(429).end();
      return;
    }
    this.#underWay.set(response, true);
    response.once('close', () => this.#underWay.delete(response));
    next();
  };

  /** To be mounted after what reads the body: goes on with those that were not ended meanwhile. */
  readonly complete: RequestHandler = (_request, response, next) => {
    if (!this.#underWay.has(response)) return;
    this.#underWay.set(response, false);
    next();
  };

  #endSlowest(): boolean {
    for (const [response, isComing] of this.#underWay) {
      if (!isComing) continue;
      this.#underWay.delete(response);
      response
        .set('Connection', 'close')
        .status(408)
        .end(() => response.req.destroy());
      return true;
    }
    return false;
  }
}
