/** A clock that is ahead by more than this is wrong, ms. */
export const futureMsMax = 5 * 60_000;

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Before this a number is seconds or a mistake: 2001-09-09 in milliseconds, and every time in seconds so far. */
const epochMsMin = 1_000_000_000_000;

/**
 * Event time as a gateway writes it: RFC 3339 with its offset, or epoch milliseconds.
 * @returns epoch ms, whole; NaN when it is neither.
 */
export function readEventTime(ts: string | number): number {
  if (typeof ts === 'number') return ts >= epochMsMin && ts < 1e14 ? Math.floor(ts) : Number.NaN;
  const time = rfc3339.test(ts) ? Date.parse(ts) : Number.NaN;
  return time >= epochMsMin ? time : Number.NaN;
}
