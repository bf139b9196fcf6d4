const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A count in full: `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count for narrow places: `12.3K`. */
export function formatShort(count: number): string {
  return Math.abs(count) < 10_000 ? formatNumber(count) : short.format(count);
}

/** A number with as many digits as are worth reading: `0.024`, `3.1`, `412`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || Math.abs(value) >= 100) return whole.format(value);
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 2 }).format(value);
}

/** A share of 1 as per cent: `0.0123` is `1.2 %`; what is not nothing never reads as `0 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return `${percent < 10 || percent > 99 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** Bytes in decimal units: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1000 ** power;
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[power]}`;
}

/** `1 request`, `2 requests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
