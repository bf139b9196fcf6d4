import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { PostOutcome, UpdateOutcome } from '../alert/notifier.ts';

const retryAfterMsDefault = 30_000;

/** Slack's words for "not now"; the call did nothing. */
const passing = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded', 'service_unavailable']);
/** Slack's words that leave open whether the call did something. */
const unclear = new Set(['internal_error', 'fatal_error', 'request_timeout']);

/** What an error of `chat.postMessage` says about the message. Only what surely did nothing is not `unknown`. */
export function postOutcomeOf(error: unknown): Exclude<PostOutcome, { kind: 'sent' }> {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'returned', reason: 'rate limited', retryAfterMs: error.retryAfter * 1000 };
  }
  if (error instanceof WebAPIPlatformError) {
    const reason = String(error.data.error);
    if (passing.has(reason)) return { kind: 'returned', reason, retryAfterMs: retryAfterMsDefault };
    return unclear.has(reason) ? { kind: 'unknown', reason } : { kind: 'failed', reason };
  }
  if (error instanceof WebAPIHTTPError && error.statusCode === 429) {
    return { kind: 'returned', reason: 'rate limited', retryAfterMs: retryAfterMsDefault };
  }
  return { kind: 'unknown', reason: reasonOf(error) };
}

/** The same for `chat.update`, which may be repeated. */
export function updateOutcomeOf(error: unknown): Exclude<UpdateOutcome, { kind: 'updated' }> {
  const outcome = postOutcomeOf(error);
  if (outcome.kind !== 'unknown') return outcome;
  return { kind: 'returned', reason: outcome.reason, retryAfterMs: 5_000 };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
