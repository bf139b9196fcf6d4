import type { KeyRecord, Outcome } from '@tripkey/contract';
import type { Clock } from '@tripkey/service-kit';
import { Problem } from '../http/problem.ts';
import type { StoredKey } from '../issuer/issuer-state.ts';
import { hasExpired } from '../issuer/sandbox-issuer.ts';
import type { KeyCache } from './key-cache.ts';
import type { RateLimiter } from './rate-limiter.ts';

export interface Verdict {
  readonly outcome: Outcome;
  /** Whose key it was, when that is known. */
  readonly key?: KeyRecord;
  /** What is answered instead of the API's answer. */
  readonly refusal?: Problem;
}

export interface JudgeParts {
  readonly keys: KeyCache;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
}

/**
 * Whether a request may pass: a key that is known, in force, within its rate, and with the scope that the route needs.
 * @param secretSha256 of what was sent as a key; undefined when nothing was
 * @param scope what the route needs; undefined when there is no such route, which the API says itself
 */
export function judgeRequest(
  { keys, limiter, clock }: JudgeParts,
  secretSha256: string | undefined,
  scope: string | undefined,
): Verdict {
  const stored = secretSha256 === undefined ? undefined : keys.get(secretSha256);
  if (!stored)
    return refuse('unknown_key', 401, 'send a key that is known, in Authorization: Bearer or X-API-Key');
  const { record: key } = stored;
  const inForce = statusOf(stored, clock.now());
  if (inForce !== 'active') return refuse(inForce, 401, `this key is ${inForce}`, key);
  const waitMs = key.rate_limit == null ? 0 : limiter.take(key.key_id, key.rate_limit);
  if (waitMs > 0) {
    const headers = { 'Retry-After': String(Math.ceil(waitMs / 1_000)) };
    return refuse('rate_limited', 429, `this key may ask ${key.rate_limit} times a minute`, key, headers);
  }
  if (scope !== undefined && !key.scopes.includes(scope)) {
    return refuse('insufficient_permissions', 403, `this needs the scope ${scope}`, key);
  }
  return { outcome: 'valid', key };
}

/** Revoked keys are told as disabled: the contract has one word for what somebody stopped. */
function statusOf({ record }: StoredKey, nowMs: number): 'active' | 'disabled' | 'expired' {
  if (record.status === 'disabled' || record.status === 'revoked') return 'disabled';
  return record.status === 'expired' || hasExpired(record, nowMs) ? 'expired' : 'active';
}

function refuse(
  outcome: Exclude<Outcome, 'valid'>,
  status: number,
  detail: string,
  key?: KeyRecord,
  headers?: Record<string, string>,
): Verdict {
  return { outcome, refusal: new Problem(status, outcome, detail, headers), ...(key && { key }) };
}
