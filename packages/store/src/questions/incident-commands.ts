import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** What people asked for at or after a time, oldest first. The date in the sort key keeps it to the newest granules. */
export const incidentCommands = defineQuestion({
  name: 'incident-commands',
  sql: `
    SELECT command_id, incident_id, toUnixTimestamp64Milli(c.at) AS at, by, kind, data
    FROM incident_commands_v1 AS c FINAL
    WHERE c.at >= fromUnixTimestamp64Milli({since:Int64})
      AND toDate(c.at) >= toDate(fromUnixTimestamp64Milli({since:Int64}))
    ORDER BY c.at, command_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    command_id: z.string(),
    incident_id: z.string(),
    at: z.number(),
    by: z.string(),
    kind: z.string(),
    data: z.string(),
  }),
});
