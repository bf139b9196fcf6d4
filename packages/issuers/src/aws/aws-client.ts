import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Written } from '../by-state.ts';
import {
  afterMsDefault,
  type HttpTrouble,
  harmlessId,
  trouble,
  troubleOfConnection,
} from '../http/call-http.ts';
import { retryAfterMs } from '../http/retry-after.ts';

export interface AwsOptions {
  /** As configuration and key records call it. */
  readonly name: string;
  /** Such as `eu-west-1`; IAM is one for all of them. */
  readonly region: string;
  /** Without one: what the SDK finds (environment, instance, container or web identity role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Another place than AWS's own for that region, such as an endpoint of a VPC. */
  readonly endpoint?: string;
  /** How long AWS may take until a change holds everywhere, ms. */
  readonly propagationMs?: number;
  /** For one call, ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Resolves names, and refuses what may not be called. */
  readonly lookup?: LookupFunction;
}

/** How the SDK's clients are set up: no attempts of its own, since whoever calls decides about those, and time-outs. */
export function clientOptions({ region, credentials, endpoint, timeoutMs = 10_000, lookup }: AwsOptions) {
  const agent = lookup ? { lookup } : {};
  return {
    region,
    ...(credentials && { credentials }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: new Agent({ keepAlive: true, ...agent }),
      httpAgent: new HttpAgent({ keepAlive: true, ...agent }),
    },
  };
}

/** What the SDK throws, as far as it is looked at. */
interface AwsFailure {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Record<string, string> };
}

const throttling = new Set([
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
]);
const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
]);
const missing = new Set(['NoSuchEntity', 'NoSuchEntityException', 'NotFoundException']);

/** What a failed call means: AWS's own word that there is no such key, or trouble. */
export function meaningOf(error: unknown): { kind: 'missing' } | HttpTrouble {
  const failure = (typeof error === 'object' && error !== null ? error : {}) as AwsFailure;
  const { name = '', code } = failure;
  if (missing.has(name)) return { kind: 'missing' };
  if (denied.has(name)) return trouble('unauthorized', false);
  const status = failure.$metadata?.httpStatusCode;
  if (throttling.has(name) || status === 429) {
    const header = failure.$response?.headers?.['retry-after'] ?? null;
    return trouble('rate_limited', false, retryAfterMs(header, Date.now(), afterMsDefault));
  }
  // The SDK calls every broken connection a time-out.
  if (name === 'TimeoutError' && (code === undefined || code === 'ETIMEDOUT'))
    return trouble('timeout', true);
  if (status !== undefined && status >= 500) return trouble('unavailable', true);
  if (status !== undefined && status >= 300 && status < 400) return trouble('redirected', false);
  if (code !== undefined) return troubleOfConnection(code);
  return trouble('malformed', true);
}

/** What became of an order that failed so. */
export function notWritten(error: unknown): Written {
  const meaning = meaningOf(error);
  const requestId = harmlessId((error as AwsFailure | undefined)?.$metadata?.requestId);
  const id = requestId === undefined ? {} : { requestId };
  if (meaning.kind === 'missing') return { kind: 'refused', code: 'key_not_found', ...id };
  const { why, afterMs, ambiguous } = meaning;
  if (why === 'unauthorized') return { kind: 'refused', code: 'unauthorized', ...id };
  return { kind: 'retry', why, afterMs, ambiguous, ...id };
}
