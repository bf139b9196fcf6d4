import type { Logger } from '@tripkey/service-kit';
import type { ErrorRequestHandler, Response } from 'express';

/** An answer that says what is wrong (RFC 9457), with a `code` that programs can rely on. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  send(response: Response): void {
    const title = this.code.replaceAll('_', ' ');
    response
      .status(this.status)
      .set(this.headers)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title,
          status: this.status,
          code: this.code,
          detail: this.message,
        }),
      );
  }
}

/**
 * Answers what handlers threw. Bodies that cannot be read become `invalid_request` under `invalidStatus`; what nobody
 * foresaw is logged and becomes a 500 that tells nothing.
 */
export function answerProblems(log: Logger, invalidStatus: 400 | 422): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    toProblem(error, log, invalidStatus).send(response);
  };
}

function toProblem(error: unknown, log: Logger, invalidStatus: number): Problem {
  if (error instanceof Problem) return error;
  // body-parser marks what the sender did wrong with a status; its messages quote the body, so they are not repeated.
  const status = (error as { status?: unknown } | undefined)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(
      invalidStatus,
      'invalid_request',
      'the body cannot be read as JSON of a bearable size',
    );
  }
  log.error({ err: error }, 'a request failed');
  return new Problem(500, 'internal', 'this was our mistake; it has been logged');
}
