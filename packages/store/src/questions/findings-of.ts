import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { findingColumns, StoredFinding } from './finding-columns.ts';

/**
 * The finding of an id, or the findings of the incident of that id, in the order of detection. Asked by people, now
 * and then: it reads the narrow columns of every finding, of which there are few.
 */
export const findingsOf = defineQuestion({
  name: 'findings-of',
  sql: `
    SELECT ${findingColumns}
    FROM findings_v1 FINAL
    WHERE toString(findings_v1.finding_id) IN (
        SELECT {id:String}
        UNION ALL
        SELECT JSONExtractString(data, 'finding', 'finding_id')
        FROM incident_events_v1
        WHERE incident_id = {id:String} AND kind = 'finding_added'
    )
    ORDER BY detected_at, finding_id`,
  params: z.object({ id: z.string().describe('of a finding or an incident') }),
  row: StoredFinding,
});
