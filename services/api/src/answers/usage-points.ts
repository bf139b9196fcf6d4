import type { UsagePoint } from '@tripkey/contract/api';
import type { usageOfKeys } from '@tripkey/store/reading';
import type * as z from 'zod';
import { iso } from './times.ts';

type UsageRow = z.infer<(typeof usageOfKeys)['row']>;

/**
 * A point for every step of a span, zeros where nothing came.
 * @param span times in epoch ms, the step in seconds
 */
export function everyStep(
  rows: readonly UsageRow[],
  span: { from: number; to: number; step: number },
): UsagePoint[] {
  const byTime = new Map(rows.map((row) => [row.at, row]));
  const stepMs = span.step * 1000;
  const points: UsagePoint[] = [];
  for (let at = Math.floor(span.from / stepMs) * stepMs; at < span.to; at += stepMs) {
    const row = byTime.get(at);
    points.push({
      at: iso(at),
      requests: row?.requests ?? 0,
      accepted: row?.accepted ?? 0,
      denied: row?.denied ?? 0,
      rate_limited: row?.rate_limited ?? 0,
      errors_4xx: row?.errors_4xx ?? 0,
      errors_5xx: row?.errors_5xx ?? 0,
      bytes_out: row?.bytes_out ?? 0,
    });
  }
  return points;
}
