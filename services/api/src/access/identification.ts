import type { Request } from 'express';
import { authenticate, type Gatekeepers } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { sessionCookie } from './cookies.ts';

/** Who calls, found out once a request, however many ask. */
export class Identification {
  readonly #keepers: Gatekeepers;
  readonly #callers = new WeakMap<Request, Promise<Caller | null>>();

  constructor(keepers: Gatekeepers) {
    this.#keepers = keepers;
  }

  /** As {@link authenticate}, with the same rejections. */
  of(request: Request): Promise<Caller | null> {
    let caller = this.#callers.get(request);
    if (!caller) {
      caller = authenticate(request, this.#keepers);
      this.#callers.set(request, caller);
    }
    return caller;
  }

  /** The id of who calls; null when it is nobody, or cannot be told. */
  async idOf(request: Request): Promise<string | null> {
    try {
      return (await this.of(request))?.id ?? null;
    } catch {
      return null; // the route says what is wrong
    }
  }

  /**
   * Whether who calls is somebody, and memory is enough to know it. What comes as a cookie is otherwise looked up in
   * ClickHouse, which nobody may make us do without limit.
   */
  async isAtHand(request: Request): Promise<boolean> {
    const { cookies, sessions } = this.#keepers;
    const cookie = cookies.get(request, sessionCookie);
    const byCookie = request.headers.authorization === undefined && cookie !== undefined;
    if (byCookie && !sessions.hasAtHand(cookie)) return false;
    return (await this.idOf(request)) !== null;
  }
}
