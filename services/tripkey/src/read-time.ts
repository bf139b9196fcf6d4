import { UsageError } from './usage-error.ts';

/** Epoch ms of a time that an option gives. @throws {UsageError} when it is none. */
export function readTime(option: string, text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError(`${option}: ${text} is no time (RFC 3339)`);
  return at;
}
