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
  const usual = readUsual(ts);
  if (!Number.isNaN(usual)) return usual;
  const time = rfc3339.test(ts) ? Date.parse(ts) : Number.NaN;
  return time >= epochMsMin ? time : Number.NaN;
}

/** The minute that was read last: events come in the order of time, more or less. */
let lastMinute = '';
let lastMinuteMs = Number.NaN;

/** The form that most write, `2026-03-02T10:00:00.123Z`: only its seconds are read anew. NaN for every other. */
function readUsual(ts: string): number {
  if (ts.length !== 24 || ts.charCodeAt(16) !== 58 || ts.charCodeAt(19) !== 46 || ts.charCodeAt(23) !== 90) {
    return Number.NaN;
  }
  if (!ts.startsWith(lastMinute) || lastMinute === '') {
    const start = `${ts.slice(0, 16)}:00.000Z`;
    const startMs = rfc3339.test(start) ? Date.parse(start) : Number.NaN;
    if (!(startMs >= epochMsMin)) return Number.NaN;
    lastMinute = ts.slice(0, 16);
    lastMinuteMs = startMs;
  }
  const tens = digit(ts, 17);
  // Sixty seconds and more: a leap second or a mistake, which the careful way judges. NaN fails the comparison.
  if (!(tens < 6)) return Number.NaN;
  return (
    lastMinuteMs +
    (tens * 10 + digit(ts, 18)) * 1_000 +
    digit(ts, 20) * 100 +
    digit(ts, 21) * 10 +
    digit(ts, 22)
  );
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
