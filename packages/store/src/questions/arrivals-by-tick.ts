import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { ofShard, whichShard } from './of-shard.ts';

/** How many requests arrived in each tick between two times, to cut what is read at once. Reads one narrow column where one detector judges all. */
export const arrivalsByTick = defineQuestion({
  name: 'arrivals-by-tick',
  sql: `
    SELECT
        intDiv(toUnixTimestamp64Milli(arrived_at) - {from:Int64}, {tick_ms:Int64}) AS tick,
        count() AS requests
    FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
      AND ${ofShard}
    GROUP BY tick
    ORDER BY tick`,
  params: z.object({
    from: z.int().describe('epoch ms, a multiple of tick_ms'),
    to: z.int().describe('epoch ms, a multiple of tick_ms'),
    tick_ms: z.int().positive(),
    ...whichShard,
  }),
  row: z.object({ tick: z.number(), requests: z.number() }),
});
