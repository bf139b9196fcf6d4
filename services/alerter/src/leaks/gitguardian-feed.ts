import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { parseJson, type ReportedSecret, UnreadableReportError, withoutSecrets } from './reported-secret.ts';

const Incident = z.object({
  hmsl_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .nullish(),
  status: z.string().max(64).nullish(),
  gitguardian_url: z.string().max(2_048).nullish(),
  detector: z.object({ name: z.string().max(256).nullish() }).nullish(),
});
const GitGuardianEvent = z.object({
  action: z.string().max(128).nullish(),
  incident: Incident.nullish(),
});

/** Incidents that somebody has dealt with. */
const closed = new Set(['resolved', 'ignored']);

/**
 * What GitGuardian's custom webhook sends: one event about one incident. It never sends the secret; it names it by the
 * hash of Has My Secret Leaked, which a key record may carry among its `secret_hashes`. Events about no incident, or a
 * closed one, report nothing.
 */
export function readGitGuardianReport(body: string): ReportedSecret[] {
  const event = GitGuardianEvent.safeParse(parseJson(body)).data;
  if (!event) throw new UnreadableReportError('not what GitGuardian sends');
  const { incident } = event;
  if (!incident?.hmsl_hash || closed.has(incident.status?.toLowerCase() ?? '')) return [];
  const [told] = withoutSecrets([
    {
      secrets: [],
      type: incident.detector?.name ?? 'unknown',
      place: incident.gitguardian_url ?? 'GitGuardian, place not named',
    },
  ]);
  return told ? [{ ...told, hashes: [incident.hmsl_hash.toLowerCase()] }] : [];
}

/** How far its clock and ours may be apart, both ways; older requests may be replays. */
const apartMsMax = 5 * 60_000;

/**
 * Whether GitGuardian signed these very bytes now: HMAC-SHA256, keyed with time stamp and signature token joined, in the
 * header as `sha256=` and hex (GitGuardian's documentation of custom webhooks).
 * @param nowMs epoch ms
 */
export function verifyGitGuardian(
  request: { body: Buffer; timestamp: string | undefined; signature: string | undefined },
  signatureToken: string,
  nowMs: number,
): 'valid' | 'unsigned' | 'out_of_time' | 'forged' {
  const { body, timestamp, signature } = request;
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? '') ?? [];
  if (!hex || !timestamp || timestamp.length > 64) return 'unsigned';
  const expected = createHmac('sha256', timestamp + signatureToken)
    .update(body)
    .digest();
  if (!timingSafeEqual(expected, Buffer.from(hex, 'hex'))) return 'forged';
  const sentAt = timeOf(timestamp);
  return Math.abs(sentAt - nowMs) <= apartMsMax ? 'valid' : 'out_of_time';
}

/** Seconds since 1970, or a date as text; NaN otherwise, which is in no time. */
function timeOf(timestamp: string): number {
  return /^\d{9,11}(\.\d+)?$/.test(timestamp) ? Number(timestamp) * 1_000 : Date.parse(timestamp);
}
