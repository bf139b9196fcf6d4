import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

/**
 * Cookies of the console. Under https they have the prefix `__Host-`, which browsers take only from this very host and
 * with `Secure`; under plain http, which is for a trial on one's own machine, that prefix cannot be had.
 */
export class Cookies {
  readonly #secure: boolean;

  /** @param publicUrl where browsers reach us */
  constructor(publicUrl: string) {
    this.#secure = publicUrl.startsWith('https:');
  }

  get(request: Request, name: string): string | undefined {
    return parseCookie(request.headers.cookie ?? '')[this.#named(name)];
  }

  set(response: Response, name: string, value: string, seconds: number): void {
    const cookie = {
      name: this.#named(name),
      value,
      path: '/',
      httpOnly: true,
      secure: this.#secure,
      sameSite: 'lax',
      maxAge: seconds,
    } as const;
    response.append('Set-Cookie', stringifySetCookie(cookie));
  }

  clear(response: Response, name: string): void {
    this.set(response, name, '', 0);
  }

  #named(name: string): string {
    return this.#secure ? `__Host-${name}` : name;
  }
}

/** The cookie that holds a session. */
export const sessionCookie = 'tripkey_session';
