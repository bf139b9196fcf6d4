import { hashSecret } from '@tripkey/service-kit';

/** Who reports leaks to us. */
export const leakFeeds = ['github', 'gitguardian', 'trufflehog'] as const;
export type LeakFeed = (typeof leakFeeds)[number];

/** One report of a feed after its secret is gone. */
export interface ReportedSecret {
  /** Hashes by which a key may be known, hex: of the secret, or what the feed says instead of it. */
  readonly hashes: readonly string[];
  /** What the feed takes it for; text of a stranger. */
  readonly type: string;
  /** Where it was found; text of a stranger, without the secret. */
  readonly place: string;
}

/** A body that is not what its feed sends. Says nothing of it. */
export class UnreadableReportError extends Error {
  override readonly name = 'UnreadableReportError';
}

/** Reports in one request; more than any feed sends at once, and few enough to answer in time. */
export const reportsMax = 1_000;
const typeMax = 128;
const placeMax = 500;
const maskedSecret = '[secret]';

/** What a feed says of a secret that it sends along. */
export interface RawReport {
  /** The secret, or its spellings. */
  readonly secrets: readonly string[];
  readonly type: string;
  readonly place: string;
}

/**
 * Hashes secrets and forgets them: none is in what is returned, also not in places, which may well hold them (a link
 * whose query is the key).
 */
export function withoutSecrets(reports: readonly RawReport[]): ReportedSecret[] {
  const secrets = [...new Set(reports.flatMap((report) => report.secrets))].filter((one) => one.length > 0);
  const spelt = [...new Set(secrets.flatMap((one) => [one, encodeURIComponent(one.toWellFormed())]))];
  // The longest first: one may be part of another.
  spelt.sort((a, b) => b.length - a.length);
  const cleaned = (text: string, lengthMax: number) => {
    let clean = text;
    for (const secret of spelt) if (clean.includes(secret)) clean = clean.replaceAll(secret, maskedSecret);
    return clean.slice(0, lengthMax).toWellFormed();
  };
  return reports.map(({ secrets: own, type, place }) => ({
    hashes: [...new Set(own.filter((one) => one.length > 0))].map((one) => hashSecret(one)),
    type: cleaned(type, typeMax),
    place: cleaned(place.replace(/[?#].*$/s, ''), placeMax),
  }));
}

/** @throws {UnreadableReportError} when a body is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableReportError('not JSON'); // without the parser's words, which quote the text
  }
}
