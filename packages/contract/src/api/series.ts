import * as z from 'zod';
import { Time } from './page.ts';

/** Requests in one step of time. */
export const UsagePoint = z.object({
  at: Time.describe('start of the step'),
  requests: z.number(),
  accepted: z.number().describe('let through by the gateway'),
  denied: z.number().describe('status 401 or 403'),
  rate_limited: z.number().describe('status 429'),
  errors_4xx: z.number(),
  errors_5xx: z.number(),
  bytes_out: z.number(),
});
export type UsagePoint = z.infer<typeof UsagePoint>;

/** What the detector expects of one step, from what it has learnt until now. */
export const BandPoint = z.object({
  at: Time,
  expected: z.number().describe('requests'),
  lower: z.number().describe('requests; 1 of 200 steps is below'),
  upper: z.number().describe('requests; 1 of 200 steps is above'),
});
export type BandPoint = z.infer<typeof BandPoint>;

/** A chart: steps without requests are there, with zeros. */
export const UsageSeries = z.object({
  from: Time,
  to: Time,
  step_seconds: z.int(),
  points: z.array(UsagePoint),
  band: z.array(BandPoint).describe('empty while there is no baseline: see `baseline`'),
  baseline: z.object({
    ready: z.boolean(),
    active_days: z.int().describe('days with traffic that were learnt from'),
    reason: z.string().nullable().describe('why there is no band'),
  }),
  flagged: z
    .array(
      z.object({
        from: Time,
        to: Time,
        incident_id: z.string().nullable(),
        finding_id: z.string(),
        rule_id: z.string(),
        severity: z.string(),
      }),
    )
    .describe('windows of findings in this span, at most 500, strongest first'),
});
export type UsageSeries = z.infer<typeof UsageSeries>;

export const SeriesQuery = z.object({
  from: Time.optional().describe('RFC 3339; a day before `to` without it'),
  to: Time.optional().describe('RFC 3339; now without it'),
  step_seconds: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .optional()
    .describe('a multiple of 60; without it about 300 points'),
});
