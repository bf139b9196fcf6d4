import * as z from 'zod';
import { defineQuestion } from '../question.ts';

const Row = z.object({
  at: z.number(),
  requests: z.number(),
  accepted: z.number(),
  denied: z.number(),
  rate_limited: z.number(),
  errors_4xx: z.number(),
  errors_5xx: z.number(),
  bytes_out: z.number(),
});

const columns = `
        intDiv(toUnixTimestamp(minute), {step:UInt32}) * {step:UInt32} * 1000 AS at,
        sum(requests) AS requests, sum(accepted) AS accepted, sum(denied) AS denied, sum(rate_limited) AS rate_limited,
        sum(errors_4xx) AS errors_4xx, sum(errors_5xx) AS errors_5xx, sum(bytes_out) AS bytes_out`;

const Span = z.object({
  from: z.int().describe('epoch ms'),
  to: z.int().describe('epoch ms'),
  step: z.int().positive().describe('seconds'),
});

/** Requests of some keys (a lineage) by step of time; steps without requests are left out. */
export const usageOfKeys = defineQuestion({
  name: 'usage-of-keys',
  sql: `
    SELECT ${columns}
    FROM usage_per_minute_v1
    WHERE key_id IN ({keys:Array(String)})
      AND minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY at ORDER BY at`,
  params: Span.extend({ keys: z.array(z.string()) }),
  row: Row,
});

/** The same for all keys together. */
export const usageOfAll = defineQuestion({
  name: 'usage-of-all',
  sql: `
    SELECT ${columns}, uniq(key_id) AS keys
    FROM usage_per_minute_v1
    WHERE minute >= fromUnixTimestamp64Milli({from:Int64}) AND minute < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY at ORDER BY at`,
  params: Span,
  row: Row.extend({ keys: z.number() }),
});
