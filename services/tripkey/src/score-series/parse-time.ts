const CALENDAR =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const EPOCH = /^\d{9,16}(?:\.\d+)?$/;
/** Epoch seconds stay below this until the year 5138, epoch milliseconds were above it from 1973. */
const EPOCH_SECONDS_MAX = 1e11;

/**
 * Epoch milliseconds of a timestamp as CSV files have them: `2024-05-01 13:45:00`, ISO 8601 with or without zone (UTC
 * without), a date alone, or epoch seconds, milliseconds or microseconds. Undefined when it is none of these.
 */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (EPOCH.test(trimmed)) {
    const number = Number(trimmed);
    if (number < EPOCH_SECONDS_MAX) return number * 1000;
    return number < EPOCH_SECONDS_MAX * 1000 ? number : number / 1000;
  }
  const parts = CALENDAR.exec(trimmed);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] = parts;
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Math.round(Number(`0.${fraction}`) * 1000),
  );
  const read = new Date(at);
  if (read.getUTCMonth() !== Number(month) - 1 || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return at - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.replace(/\D/g, '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}
