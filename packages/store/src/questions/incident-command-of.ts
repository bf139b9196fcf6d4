import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** The command of an id; no row when nobody sent it. There are few commands, so none is looked up by an index. */
export const incidentCommandOf = defineQuestion({
  name: 'incident-command-of',
  sql: `
    SELECT incident_id, kind, data FROM incident_commands_v1 FINAL
    WHERE command_id = {command_id:String} LIMIT 1`,
  params: z.object({ command_id: z.string() }),
  row: z.object({ incident_id: z.string(), kind: z.string(), data: z.string() }),
});
