import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a request may be from ours, both ways: Slack's advice for the past, and nobody calls from the future. */
const skewMsMax = 5 * 60_000;

export type SignatureVerdict = 'valid' | 'missing' | 'out_of_time' | 'forged';

/**
 * Whether a request comes from Slack: HMAC-SHA256 over `v0:<time stamp>:<raw body>` with the app's signing secret
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function verifySignature(
  request: { body: Buffer; timestamp: string | undefined; signature: string | undefined },
  secret: string,
  nowMs: number,
): SignatureVerdict {
  const { body, timestamp, signature } = request;
  if (!timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return 'missing';
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > skewMsMax) return 'out_of_time';
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  const [, hex = ''] = /^v0=([0-9a-f]{64})$/.exec(signature) ?? [];
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? 'valid' : 'forged';
}
