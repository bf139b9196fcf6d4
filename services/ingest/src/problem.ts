import type { Response } from 'express';

/** An answer that says what is wrong (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly more: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    title: string,
    detail: string,
    options: { more?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.title = title;
    this.more = options.more ?? {};
    this.headers = options.headers ?? {};
  }

  send(response: Response): void {
    response
      .status(this.status)
      .set(this.headers)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title: this.title,
          status: this.status,
          detail: this.message,
          ...this.more,
        }),
      );
  }
}
