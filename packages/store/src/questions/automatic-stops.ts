import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Stops that somebody (such as the policy) approved and that began, or may still begin, at or after a time: the caps of
 * automatic response count them. `at` is when the issuer was asked, 0 while it was not; what came to nothing before is
 * left out.
 */
export const automaticStops = defineQuestion({
  name: 'automatic-stops',
  sql: `
    SELECT
        anyIf(JSONExtractString(data, 'key_id'), kind = 'operation_approved') AS key_id,
        toUnixTimestamp64Milli(minIf(e.at, kind = 'operation_executing')) AS begun_at,
        countIf(kind = 'operation_executing') AS executions,
        if(executions > 0, begun_at, 0) AS at
    FROM incident_events_v1 AS e FINAL
    WHERE kind IN ('operation_approved', 'operation_executing', 'operation_cancelled', 'operation_expired')
      AND incident_id IN (
        SELECT incident_id FROM incident_events_v1 AS a
        WHERE a.kind = 'operation_approved' AND JSONExtractString(a.data, 'by') = {by:String}
          AND a.at >= fromUnixTimestamp64Milli({since:Int64}) - INTERVAL 2 HOUR)
    GROUP BY incident_id, JSONExtractString(data, 'operation_id')
    HAVING countIf(kind = 'operation_approved' AND JSONExtractString(data, 'by') = {by:String}) > 0
       AND if(executions > 0,
              minIf(e.at, kind = 'operation_executing') >= fromUnixTimestamp64Milli({since:Int64}),
              countIf(kind IN ('operation_cancelled', 'operation_expired')) = 0)
    ORDER BY at`,
  params: z.object({ since: z.int().describe('epoch ms'), by: z.string() }),
  row: z.object({ at: z.number(), key_id: z.string() }),
});
