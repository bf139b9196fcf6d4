import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * What each gateway delivered between two times, by tick of arrival: how many events, and what their running numbers
 * say. An event that was sent again is left out, as its number was counted before.
 */
export const gatewayActivity = defineQuestion({
  name: 'gateway-activity',
  sql: `
    SELECT
        intDiv(toUnixTimestamp64Milli(arrived_at) - {from:Int64}, {tick_ms:Int64}) AS tick,
        gateway,
        count() AS events,
        uniqExactIf(gateway_seq, gateway_seq > 0) AS sequenced,
        minIf(gateway_seq, gateway_seq > 0) AS sequence_first,
        max(gateway_seq) AS sequence_last
    FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
      AND is_repeat = 0 AND gateway != ''
    GROUP BY tick, gateway
    ORDER BY tick, gateway`,
  params: z.object({
    from: z.int().describe('epoch ms, a multiple of tick_ms'),
    to: z.int().describe('epoch ms, a multiple of tick_ms'),
    tick_ms: z.int().positive(),
  }),
  row: z.object({
    tick: z.number(),
    gateway: z.string(),
    events: z.number(),
    sequenced: z.number(),
    sequence_first: z.number(),
    sequence_last: z.number(),
  }),
  check: 'first',
});
