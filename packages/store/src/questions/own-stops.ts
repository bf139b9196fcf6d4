import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Operations on keys that were begun at or after a time and did not fail, in the order of their beginning: from `at` on
 * refusals of the key are our own doing, or are no more.
 */
export const ownStops = defineQuestion({
  name: 'own-stops',
  sql: `
    SELECT
        anyIf(JSONExtractString(data, 'key_id'), kind = 'operation_proposed') AS key_id,
        anyIf(JSONExtractString(data, 'action'), kind = 'operation_proposed') AS action,
        toUnixTimestamp64Milli(minIf(e.at, kind = 'operation_executing')) AS at
    FROM incident_events_v1 AS e
    WHERE kind IN ('operation_proposed', 'operation_executing', 'operation_refused', 'operation_failed')
      AND incident_id IN (
        SELECT incident_id FROM incident_events_v1 AS b
        WHERE b.kind = 'operation_executing' AND b.at >= fromUnixTimestamp64Milli({since:Int64}))
    GROUP BY incident_id, JSONExtractString(data, 'operation_id')
    HAVING countIf(kind = 'operation_executing') > 0
       AND countIf(kind IN ('operation_refused', 'operation_failed')) = 0
    ORDER BY at, key_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({ key_id: z.string(), action: z.enum(['disable', 'enable']), at: z.number() }),
});
