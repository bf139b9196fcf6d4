import { formatMinute, type Zone } from '../format/times.ts';

/** The span of time that a page looks at. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** What one may choose without typing. */
export const ranges = [
  { from: 'now-1h', label: 'Last hour' },
  { from: 'now-6h', label: 'Last 6 hours' },
  { from: 'now-24h', label: 'Last 24 hours' },
  { from: 'now-7d', label: 'Last 7 days' },
  { from: 'now-28d', label: 'Last 28 days' },
] as const;

/**
 * Reads `now`, `now-6h` (units s, m, h, d, w), an RFC 3339 time or epoch milliseconds. A time without a zone is in UTC, so that an
 * address means the same wherever it is opened.
 * @returns the moment in epoch ms; undefined for anything else
 */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const relative = /^now(?:([+-])(\d{1,6})([smhdw]))?$/.exec(text);
  if (relative) {
    const [, sign, count, unit] = relative;
    return sign ? nowMs + (sign === '-' ? -1 : 1) * Number(count) * unitMs[unit!]! : nowMs;
  }
  if (/^\d{10,14}$/.test(text)) return Number(text);
  const time = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(
    text,
  );
  if (!time) return undefined;
  const [, day, clock = '00:00', zone = 'Z'] = time;
  const at = Date.parse(`${day}T${clock}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}

/** How a range without ends is called. */
export const allTime = 'All time';

/** What a range of an address is called; an end that is missing is open. */
export function nameRange(from: string | undefined, to: string | undefined, zone: Zone): string {
  const said = (text: string) => {
    const at = text.startsWith('now') ? undefined : parseMoment(text, 0);
    return at === undefined ? text : formatMinute(at, zone);
  };
  if (from === undefined) return to === undefined ? allTime : `Until ${said(to)}`;
  const usual = ranges.find((range) => range.from === from && (to ?? 'now') === 'now');
  return usual?.label ?? `${said(from)} – ${said(to ?? 'now')}`;
}

/** The range of an address; what is missing, unreadable or the wrong way round falls back to the span that ends now. */
export function readRange(
  from: string | undefined,
  to: string | undefined,
  nowMs: number,
  fallback: string,
): TimeRange {
  const toMs = parseMoment(to ?? 'now', nowMs) ?? nowMs;
  const fromMs = parseMoment(from ?? fallback, nowMs) ?? parseMoment(fallback, nowMs)!;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: parseMoment(fallback, toMs)!, toMs };
}

/** The same range with fixed ends, for an address that somebody else opens later. */
export function fixedRange({ fromMs, toMs }: TimeRange): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

const steps = [60_000, 300_000, 900_000, 3_600_000, 6 * 3_600_000, 86_400_000];

/** A bucket width in ms that gives at most `bucketsMax` buckets over the range. */
export function bucketMs({ fromMs, toMs }: TimeRange, bucketsMax: number): number {
  return steps.find((step) => (toMs - fromMs) / step <= bucketsMax) ?? steps.at(-1)!;
}
