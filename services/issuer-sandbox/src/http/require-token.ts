import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

const lengthMin = 16;

/**
 * Lets pass who sends `Authorization: Bearer` with the token. The comparison takes equally long wherever they differ.
 * @throws {RangeError} when the token is too short to be one
 */
export function requireToken(token: string): RequestHandler {
  if (token.length < lengthMin) throw new RangeError(`a token has at least ${lengthMin} characters`);
  const known = sha256(token);
  return (request, _response, next) => {
    const sent = bearerOf(request.headers.authorization);
    if (sent !== undefined && timingSafeEqual(sha256(sent), known)) return next();
    throw new Problem(401, 'unauthorized', 'send Authorization: Bearer with the token of this interface', {
      'WWW-Authenticate': 'Bearer',
    });
  };
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
