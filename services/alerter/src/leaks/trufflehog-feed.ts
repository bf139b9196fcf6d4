import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import {
  parseJson,
  type RawReport,
  type ReportedSecret,
  reportsMax,
  UnreadableReportError,
  withoutSecrets,
} from './reported-secret.ts';

const Finding = z.object({
  Raw: z.string().max(65_536).nullish(),
  RawV2: z.string().max(65_536).nullish(),
  DetectorName: z.string().max(256).nullish(),
  SourceName: z.string().max(256).nullish(),
  SourceMetadata: z
    .object({ Data: z.record(z.string(), z.record(z.string(), z.unknown())).nullish() })
    .nullish(),
});

/** What `trufflehog --json` prints, a finding a line, or the same as one object or an array. */
export function readTruffleHogReports(body: string): ReportedSecret[] {
  const found = elementsOf(body).map((element) => Finding.safeParse(element).data);
  if (found.some((one) => one === undefined)) throw new UnreadableReportError('not what TruffleHog prints');
  if (found.length > reportsMax) throw new UnreadableReportError('too many findings at once');
  return withoutSecrets(
    found.flatMap((one): RawReport[] => {
      const secrets = [one?.Raw, one?.RawV2].filter((secret) => typeof secret === 'string' && secret !== '');
      if (!one || secrets.length === 0) return []; // its log lines have none
      return [{ secrets: secrets as string[], type: one.DetectorName ?? 'unknown', place: placeOf(one) }];
    }),
  );
}

function elementsOf(body: string): unknown[] {
  const text = body.trim();
  if (text === '') return [];
  if (text.startsWith('[')) {
    const array = parseJson(text);
    return Array.isArray(array) ? array : [array];
  }
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parseJson(line)]));
}

/** The link to the finding, or the parts that make up a place. */
function placeOf({ SourceMetadata, SourceName }: z.infer<typeof Finding>): string {
  const [details = {}] = Object.values(SourceMetadata?.Data ?? {});
  const part = (name: string) => (typeof details[name] === 'string' ? details[name] : '');
  const parts = ['repository', 'bucket', 'channel', 'commit', 'file'].map(part).filter((one) => one !== '');
  return part('link') || parts.join(' ') || SourceName || 'TruffleHog, place not named';
}

/** Whether a request carries the shared token, as `Authorization: Bearer`. Takes the same time for any token. */
export function verifyBearer(
  authorization: string | undefined,
  token: string,
): 'valid' | 'unsigned' | 'forged' {
  if (!authorization) return 'unsigned';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`)) ? 'valid' : 'forged';
}
