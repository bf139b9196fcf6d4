import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Which of some findings are in an incident. */
export const findingsInIncidents = defineQuestion({
  name: 'findings-in-incidents',
  sql: `
    SELECT DISTINCT JSONExtractString(data, 'finding', 'finding_id') AS finding_id
    FROM incident_events_v1
    WHERE kind = 'finding_added' AND finding_id IN ({findings:Array(String)})`,
  params: z.object({ findings: z.array(z.string()) }),
  row: z.object({ finding_id: z.string() }),
});
