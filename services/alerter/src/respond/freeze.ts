import * as z from 'zod';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMinutes = 24 * 60;

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 18:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
const timeZone = z.string().refine(isTimeZone, 'not a time zone such as Europe/Berlin');
const name = z.string().min(1).max(64).describe('shown to people');

/** A time in which nothing is stopped without a person: once, or every week. */
export const FreezeWindow = z.union([
  z
    .strictObject({ name, from: z.iso.datetime({ offset: true }), until: z.iso.datetime({ offset: true }) })
    .refine((one) => Date.parse(one.from) < Date.parse(one.until), 'it ends before it begins'),
  z.strictObject({
    name,
    days: z
      .array(z.enum(days))
      .min(1)
      .default([...days])
      .describe('on which it begins'),
    fromTime: clock,
    untilTime: clock.describe('at or before fromTime: of the next day'),
    timeZone: timeZone.default('UTC'),
  }),
]);
export type FreezeWindow = z.infer<typeof FreezeWindow>;

/** The name of a freeze that a moment (epoch ms) lies in; null when none. */
export function freezeAt(windows: readonly FreezeWindow[], atMs: number): string | null {
  return windows.find((window) => isIn(window, atMs))?.name ?? null;
}

function isIn(window: FreezeWindow, atMs: number): boolean {
  if ('from' in window) return Date.parse(window.from) <= atMs && atMs < Date.parse(window.until);
  const { day, minute } = localTime(atMs, window.timeZone);
  const { fromTime, untilTime } = window;
  const overnight = untilTime <= fromTime;
  const begins = (on: number) => window.days.includes(days[(on + 7) % 7]!);
  if (begins(day) && minute >= fromTime && minute < (overnight ? dayMinutes : untilTime)) return true;
  return overnight && begins(day - 1) && minute < untilTime;
}

/** Day of the week (0: Sunday) and minute of the day, as clocks show it in a zone. */
function localTime(atMs: number, zone: string): { day: number; minute: number } {
  const options = { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const parts = new Intl.DateTimeFormat('en-US', { ...options, hourCycle: 'h23' }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: days.indexOf(part('weekday').toLowerCase() as (typeof days)[number]),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: zone }));
  } catch {
    return false;
  }
}
