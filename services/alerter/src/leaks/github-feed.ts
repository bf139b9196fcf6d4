import { verify } from 'node:crypto';
import * as z from 'zod';
import type { GithubKeys } from './github-keys.ts';
import {
  parseJson,
  type ReportedSecret,
  reportsMax,
  UnreadableReportError,
  withoutSecrets,
} from './reported-secret.ts';

const GithubReports = z
  .array(
    z.object({
      token: z.string().min(1).max(65_536),
      type: z.string().max(1_024),
      url: z.string().max(8_192).nullish(),
      source: z.string().max(64).nullish(),
    }),
  )
  .max(reportsMax);

/** What GitHub's secret scanning sends to partners: an array of tokens with their types and places. */
export function readGithubReports(body: string): ReportedSecret[] {
  const reports = GithubReports.safeParse(parseJson(body)).data;
  if (!reports) throw new UnreadableReportError('not what GitHub sends');
  return withoutSecrets(
    reports.map(({ token, type, url, source }) => ({
      secrets: [token],
      type,
      place: url || `GitHub, ${source ?? 'place not named'}`,
    })),
  );
}

export type GithubVerdict = 'valid' | 'unsigned' | 'unknown_key' | 'forged';

/**
 * Whether GitHub signed these very bytes: ECDSA on P-256 over their SHA-256, with the key that the header names, out of
 * those that GitHub publishes.
 * @throws what reading the published keys throws, when the named one is not among those known
 */
export async function verifyGithub(
  request: { body: Buffer; keyId: string | undefined; signature: string | undefined },
  keys: Pick<GithubKeys, 'find'>,
): Promise<GithubVerdict> {
  const { body, keyId, signature } = request;
  if (!keyId || !signature || !/^[0-9a-f]{16,128}$/i.test(keyId)) return 'unsigned';
  if (!/^[A-Za-z0-9+/]{1,256}={0,2}$/.test(signature)) return 'forged';
  const key = await keys.find(keyId);
  if (!key) return 'unknown_key';
  const isValid = verify('sha256', body, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
  return isValid ? 'valid' : 'forged';
}

/** What is answered about one report, so that GitHub learns which forms are right. Names the token by its hash only. */
export interface GithubLabel {
  readonly token_hash: string;
  readonly token_type: string;
  readonly label: 'true_positive' | 'false_positive';
}
