import type { Evidence } from '@tripkey/contract';

/** `2026-03-02 10:01 UTC`: to the minute, so that a message is not updated with every second. */
export function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `10:01:05 UTC`, for steps that follow each other within a minute. */
export function secondText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 19)} UTC`;
}

/** `1 min 30 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.slice(0, 2).join(' ') || '0 s';
}

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * What was observed beside what was expected: `requests 4 812 (expected 90, peak 210), window 15 minutes`. An
 * expectation belongs to the observation whose name its own begins with.
 */
export function amounts({ observed, expected }: Evidence): string {
  const told = new Set<string>();
  const seen = Object.entries(observed).map(([name, value]) => {
    const usual = Object.entries(expected).filter(
      ([other]) => other === name || other.startsWith(`${name}_`),
    );
    for (const [other] of usual) told.add(other);
    const beside = usual.map(([other, amount]) =>
      named(other === name ? 'expected' : other.slice(name.length + 1), amount),
    );
    return named(name, value) + (beside.length > 0 ? ` (${beside.join(', ')})` : '');
  });
  const only = Object.entries(expected).filter(([name]) => !told.has(name));
  return [...seen, ...only.map(([name, value]) => `expected ${named(name, value)}`)].join(', ');
}

/** `window_minutes: 15` reads `window 15 minutes`. */
function named(name: string, value: Evidence['observed'][string]): string {
  const [, what = name, unit] = /^(.+)_(ms|seconds|minutes|hours|days|bytes)$/.exec(name) ?? [];
  return `${what.replaceAll('_', ' ')} ${listText(value)}${unit ? ` ${unit}` : ''}`;
}

/** Numbers with a thin gap between thousands: `4 812`. */
export function amountText(value: string | number | boolean | null): string {
  if (typeof value !== 'number') return String(value ?? 'none');
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/(?<=\d)(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const listed = 5;

function listText(value: Evidence['observed'][string]): string {
  if (!Array.isArray(value)) return amountText(value);
  const more = value.length > listed ? ` and ${value.length - listed} more` : '';
  return value.slice(0, listed).map(amountText).join(', ') + more;
}
