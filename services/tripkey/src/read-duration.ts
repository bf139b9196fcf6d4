import { UsageError } from './usage-error.ts';

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a time such as `90s`, `90m`, `8h` or `2d`. @throws {UsageError} when it is none, or over `msMax` */
export function readDuration(option: string, text: string, msMax: number): number {
  const [, count, unit] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * unitsMs[unit as keyof typeof unitsMs];
  if (ms > 0 && ms <= msMax) return ms;
  const most = `at most ${msMax / unitsMs.h} hours`;
  throw new UsageError(`${option} ${text}: a time such as 90s, 90m, 8h or 2d, ${most}`);
}
