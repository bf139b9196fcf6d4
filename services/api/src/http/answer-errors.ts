import { randomUUID } from 'node:crypto';
import type { Logger } from '@tripkey/service-kit';
import { isStoreAway } from '@tripkey/store';
import type { ErrorRequestHandler } from 'express';
import { ApiProblem, badRequest } from './api-problem.ts';

/** Answers every error with a problem; what is our own fault goes to the log, and its id to whoever asked. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.destroyed) {
      // We broke it off ourselves: nobody can be told any more but whoever reads the log.
      if (response.errored && !(error instanceof ApiProblem))
        log.error({ err: error, method: request.method, path: request.path }, 'an answer was broken off');
      return;
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    toProblem(error, () => {
      const id = randomUUID();
      log.error(
        { err: error, request_id: id, method: request.method, path: request.path },
        'a request failed',
      );
      return id;
    }).send(response);
  };
}

function toProblem(error: unknown, noted: () => string): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const { type, status } = (error ?? {}) as { type?: string; status?: number };
  if (type === 'entity.too.large')
    return new ApiProblem(413, 'api.too_large', 'Too large', 'the body is larger than the API takes');
  if (type === 'entity.parse.failed') return badRequest('the body is no JSON');
  if (status !== undefined && status >= 400 && status < 500) return badRequest('the request cannot be read');
  const request_id = noted();
  if (isStoreAway(error)) {
    return new ApiProblem(503, 'api.store_unavailable', 'Store unavailable', 'ClickHouse does not answer', {
      headers: { 'Retry-After': '5' },
      more: { request_id },
    });
  }
  return new ApiProblem(500, 'api.internal', 'Internal error', 'something went wrong here; the log has it', {
    more: { request_id },
  });
}
