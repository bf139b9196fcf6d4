export type Zone = 'utc' | 'local';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone, style: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone} ${style}`;
  let found = formats.get(name);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      ...options,
      hourCycle: 'h23',
      ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
    });
    formats.set(name, found);
  }
  return found;
}

/** `26 Nov 2026, 14:05:09`. */
export function formatTime(atMs: number, zone: Zone): string {
  return format(zone, 'full', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(atMs);
}

/** `26 Nov 14:05`, for axes and tables. */
export function formatMinute(atMs: number, zone: Zone): string {
  const day = format(zone, 'day', { day: 'numeric', month: 'short' }).format(atMs);
  return `${day} ${formatClock(atMs, zone)}`;
}

/** `14:05`. */
export function formatClock(atMs: number, zone: Zone): string {
  return format(zone, 'clock', { hour: '2-digit', minute: '2-digit' }).format(atMs);
}

/** `14:05:09`. */
export function formatSeconds(atMs: number, zone: Zone): string {
  return format(zone, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(atMs);
}

/** `26 Nov`. */
export function formatDay(atMs: number, zone: Zone): string {
  return format(zone, 'day', { day: 'numeric', month: 'short' }).format(atMs);
}

/** A length of time in its two largest units: `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  const length = Math.abs(ms);
  if (length < 1_000) return `${Math.round(length)} ms`;
  if (length < 9_950) return `${(length / 1_000).toFixed(1)} s`;
  if (length < minuteMs - 500) return `${Math.round(length / 1_000)} s`;
  if (length < hourMs) return pair(length, minuteMs, 'min', 1_000, 's');
  if (length < dayMs) return pair(length, hourMs, 'h', minuteMs, 'min');
  return pair(length, dayMs, 'd', hourMs, 'h');
}

function pair(length: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const parts = Math.round(length / smallMs);
  const perBig = bigMs / smallMs;
  const rest = parts % perBig;
  return `${Math.floor(parts / perBig)} ${big}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** How long ago, in one unit, as people say it: `just now`, `4 min ago`, `3 h ago`, `5 d ago`, `in 2 h`. */
export function formatAgo(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  const length = Math.abs(age);
  if (length < 5_000) return 'just now';
  const said =
    length < minuteMs
      ? `${Math.floor(length / 1_000)} s`
      : length < hourMs
        ? `${Math.floor(length / minuteMs)} min`
        : length < 2 * dayMs
          ? `${Math.floor(length / hourMs)} h`
          : `${Math.floor(length / dayMs)} d`;
  return age < 0 ? `in ${said}` : `${said} ago`;
}
