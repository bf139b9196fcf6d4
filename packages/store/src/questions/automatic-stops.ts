import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** When somebody (such as the policy) approved stops at or after a time; the caps of automatic response count them. */
export const automaticStops = defineQuestion({
  name: 'automatic-stops',
  sql: `
    SELECT toUnixTimestamp64Milli(at) AS at
    FROM incident_events_v1 FINAL
    WHERE kind = 'operation_approved'
      AND incident_events_v1.at >= fromUnixTimestamp64Milli({since:Int64})
      AND JSONExtractString(data, 'by') = {by:String}
    ORDER BY at`,
  params: z.object({ since: z.int().describe('epoch ms'), by: z.string() }),
  row: z.object({ at: z.number() }),
});
