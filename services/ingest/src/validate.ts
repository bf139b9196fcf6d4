import { RequestEvent } from '@tripkey/contract';
import type * as z from 'zod';
import { isPlainEvent } from './is-plain-event.ts';

/** Why an element is not an event we can use; the closed list that dead letters carry. */
export const rejectReasons = [
  'empty',
  'not_json',
  'too_many_elements',
  'not_an_object',
  'invalid_field',
  'bad_time',
  'too_old',
  'secret_as_id',
  'internal_error',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** A rejection in words that hold no value of the element. */
export interface Rejection {
  readonly reason: RejectReason;
  readonly detail: string;
}

export type Validated = { readonly event: RequestEvent } | Rejection;

const issuesMax = 5;

/**
 * Checks one element against the contract.
 * @returns the event, of which only the contract's fields are checked, or why not.
 */
export function validate(element: unknown): Validated {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    return { reason: 'not_an_object', detail: 'an event is a JSON object' };
  }
  if (isPlainEvent(element as Record<string, unknown>)) return { event: element as RequestEvent };
  const parsed = RequestEvent.safeParse(element);
  if (parsed.success) return { event: parsed.data };
  return { reason: 'invalid_field', detail: describeIssues(parsed.error) };
}

/** What is wrong, field by field, without values or names that the sender made up. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, issuesMax)
    .map(({ path, code, message }) => {
      const field = String(path[0] ?? 'record');
      // Only the first step of a path is a name of the contract.
      return path.length > 1 ? `${field}: ${code}` : `${field}: ${message}`;
    })
    .join('; ');
}
