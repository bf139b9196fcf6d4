const dayMs = 86_400_000;

/** The day asked for last, and its month: most of what is asked together is of one day. */
let asked = { day: Number.NaN, month: 0 };

/** The calendar month of a time (UTC), counted from the year 0. @param time epoch ms */
export function monthNumberOf(time: number): number {
  const day = Math.floor(time / dayMs);
  if (day !== asked.day) {
    const date = new Date(time);
    asked = { day, month: 12 * date.getUTCFullYear() + date.getUTCMonth() };
  }
  return asked.month;
}
