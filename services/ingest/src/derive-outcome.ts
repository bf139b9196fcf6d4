import type { Outcome } from '@tripkey/contract';

/**
 * What a gateway decided about a key, judged by the HTTP status alone. Errors of the API itself (404, 500 …) were
 * answered to an accepted key. A 401 cannot say why the key was refused; `unknown_key` claims the least about it.
 */
export function deriveOutcome(status: number): Outcome {
  switch (status) {
    case 401:
      return 'unknown_key';
    case 402:
      return 'usage_exceeded';
    case 403:
      return 'forbidden';
    case 429:
      return 'rate_limited';
    default:
      return 'valid';
  }
}
