import type { ActResult, Trouble } from '../key-issuer.ts';
import type { HttpAnswer } from './call-http.ts';

/** Why an answer says nothing that can be relied on, going by its status alone. */
export function troubleIn(answer: HttpAnswer): { readonly why: Trouble; readonly afterMs: number } {
  const { afterMs } = answer;
  if (answer.kind === 'trouble') return { why: answer.why, afterMs };
  if (answer.status === 401 || answer.status === 403) return { why: 'unauthorized', afterMs };
  if (answer.status === 429) return { why: 'rate_limited', afterMs };
  return { why: answer.status >= 500 ? 'unavailable' : 'malformed', afterMs };
}

/**
 * What became of an order whose answer did not say that it was done. 401, 403 and 429 are said before anything is done;
 * any other status may come from in between, after it was done.
 */
export function notDone(answer: HttpAnswer): Extract<ActResult, { kind: 'refused' | 'retry' }> {
  const { why, afterMs } = troubleIn(answer);
  const requestId = answer.requestId === undefined ? {} : { requestId: answer.requestId };
  if (answer.kind === 'answer' && why === 'unauthorized') {
    return { kind: 'refused', code: 'unauthorized', ...requestId };
  }
  const ambiguous = answer.kind === 'trouble' ? answer.ambiguous : why !== 'rate_limited';
  return { kind: 'retry', why, afterMs, ambiguous, ...requestId };
}
