import { type Store, usageByBucket } from '@tripkey/store';
import * as z from 'zod';

const bucketsMax = 20;
const points = z.array(z.number().nonnegative()).length(bucketsMax);

/** Requests of a key up to when its incident opened, in 20 equal buckets, beside what is usual at that time of day. */
export const UsageChart = z.object({
  from: z.int().describe('start of the first bucket, epoch ms'),
  bucket_ms: z.int().positive(),
  seen: points.describe('requests a bucket'),
  usual: points.nullable().describe('median of the same times of the past days; null without any'),
  days: z.int().nonnegative().describe('days that it is the median of'),
});
export type UsageChart = z.infer<typeof UsageChart>;

const bucketMs = 3 * 60_000;
const daysMax = 7;

/** The arithmetic: requests by day and bucket into two lines. Only days count that the key had already begun. */
export function chartOf(
  rows: readonly { days_ago: number; bucket: number; requests: number }[],
  fromMs: number,
): UsageChart {
  const days = Math.max(0, ...rows.map(({ days_ago }) => days_ago));
  const at = (day: number, bucket: number) =>
    rows.find((row) => row.days_ago === day && row.bucket === bucket)?.requests ?? 0;
  const buckets = Array.from({ length: bucketsMax }, (_, bucket) => bucket);
  const past = Array.from({ length: days }, (_, day) => day + 1);
  return {
    from: fromMs,
    bucket_ms: bucketMs,
    seen: buckets.map((bucket) => at(0, bucket)),
    usual: days === 0 ? null : buckets.map((bucket) => median(past.map((day) => at(day, bucket)))),
    days,
  };
}

/** Asks ClickHouse for it. @throws when ClickHouse does not answer */
export async function askChart(
  store: Store,
  keyId: string,
  untilMs: number,
  signal?: AbortSignal,
): Promise<UsageChart> {
  const until = Math.ceil(untilMs / 60_000) * 60_000;
  const from = until - bucketsMax * bucketMs;
  const span = { from_s: from / 1_000, bucket_s: bucketMs / 1_000, buckets: bucketsMax };
  return chartOf(await store.ask(usageByBucket, { key_id: keyId, ...span, days: daysMax }, signal), from);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
