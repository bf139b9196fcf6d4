import { badRequest } from './api-problem.ts';

/**
 * The state that a caller has seen, of `If-Match`; null when they do not say, or say `*`: whatever there is.
 * @throws {ApiProblem} 400 for anything else: the command would run on a state that they have not seen
 */
export function readIfMatch(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '*') return null;
  const [, tag] = /^(?:W\/)?"([^"]*)"$/.exec(header.trim()) ?? [];
  if (tag === undefined)
    throw badRequest('`If-Match` is one ETag as it was given, with its quotes, such as "a1b2", or *');
  return tag;
}
