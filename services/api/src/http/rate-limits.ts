import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { hashOf } from '../access/secret.ts';
import { ApiProblem } from './api-problem.ts';

/**
 * At most so many requests a minute of one token, session or address.
 * @param byAddress count by address alone: for attempts to sign in
 */
export function limitRequests(perMinute: number, byAddress = false): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) =>
      (byAddress ? undefined : credential(request)) ?? ipKeyGenerator(request.ip ?? ''),
    handler: (_request, response) => {
      new ApiProblem(429, 'api.rate_limited', 'Too many requests', 'wait as long as Retry-After says').send(
        response,
      );
    },
  });
}

/** What a request signs in with, hashed: secrets are not kept, not even here. */
function credential(request: Request): string | undefined {
  const { authorization, cookie } = request.headers;
  const said = authorization ?? cookie;
  return said === undefined ? undefined : hashOf(said);
}
