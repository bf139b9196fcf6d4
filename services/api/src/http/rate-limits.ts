import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit';
import type { Identification } from '../access/identification.ts';
import { ApiProblem } from './api-problem.ts';

/** At most so many requests a minute of one address: for attempts to sign in. */
export function limitAddresses(perMinute: number): RequestHandler {
  return rateLimit({ ...settings(perMinute), keyGenerator: addressOf });
}

/**
 * At most so many requests a minute of one caller, and of one address for requests that name nobody who is. What a
 * request merely claims counts for nothing: a new cookie with each would be a new caller. An address that is over its
 * limit still serves those whom we know without asking ClickHouse.
 */
export function limitCallers(perMinute: number, callers: Identification): RequestHandler[] {
  const strangers = rateLimit({
    ...settings(perMinute),
    keyGenerator: addressOf,
    skip: (request) => callers.isAtHand(request),
    skipSuccessfulRequests: true,
    requestWasSuccessful: async (request) => (await callers.idOf(request)) !== null,
  });
  const known = rateLimit({
    ...settings(perMinute),
    keyGenerator: async (request) => (await callers.idOf(request)) ?? '',
    skip: async (request) => (await callers.idOf(request)) === null,
  });
  return [strangers, known];
}

function settings(perMinute: number): Partial<Options> {
  return {
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => {
      new ApiProblem(429, 'api.rate_limited', 'Too many requests', 'wait as long as Retry-After says').send(
        response,
      );
    },
  };
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}
