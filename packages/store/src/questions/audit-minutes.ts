import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Minutes of event time, epoch seconds, into which events of a partition fell that arrived in a slice of time. */
export const auditMinutes = defineQuestion({
  name: 'audit-minutes',
  sql: `
    SELECT DISTINCT toUnixTimestamp(toStartOfMinute(ts)) AS minute
    FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
      AND _topic = {topic:String} AND _partition = {partition:UInt16}
    ORDER BY minute`,
  params: z.object({ topic: z.string(), partition: z.int(), from: z.int(), to: z.int() }),
  row: z.object({ minute: z.number() }),
});
