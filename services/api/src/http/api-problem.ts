import type { ApiErrorCode, Problem } from '@tripkey/contract/api';
import type { Response } from 'express';

interface More {
  readonly faults?: Problem['faults'];
  readonly clickhouse_code?: number;
  readonly position?: number;
  readonly request_id?: string;
}

/** Why a request is not answered as wanted; sent as an RFC 9457 problem. Its text is for whoever asked. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly errorCode: ApiErrorCode;
  readonly title: string;
  readonly more: More;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    errorCode: ApiErrorCode,
    title: string,
    detail: string,
    options: { more?: More; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.status = status;
    this.errorCode = errorCode;
    this.title = title;
    this.more = options.more ?? {};
    this.headers = options.headers ?? {};
  }

  toJSON(): Problem {
    return {
      type: 'about:blank',
      title: this.title,
      status: this.status,
      code: this.errorCode,
      detail: this.message,
      ...this.more,
    };
  }

  send(response: Response): void {
    response
      .status(this.status)
      .set(this.headers)
      .type('application/problem+json')
      .send(JSON.stringify(this));
  }
}

export function badRequest(detail: string, faults?: Problem['faults']): ApiProblem {
  return new ApiProblem(400, 'api.bad_request', 'Bad request', detail, { more: faults ? { faults } : {} });
}

export function unauthenticated(detail: string): ApiProblem {
  return new ApiProblem(401, 'api.unauthenticated', 'Not signed in', detail, {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

export function notFound(what: string): ApiProblem {
  return new ApiProblem(404, 'api.not_found', 'Not found', `there is no ${what}`);
}

export function conflict(detail: string): ApiProblem {
  return new ApiProblem(409, 'api.conflict', 'Conflict', detail);
}
