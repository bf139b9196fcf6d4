import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { incidentEvents } from './incident-events.ts';

/** Every event of one incident, in order. */
export const incidentEventsOf = defineQuestion({
  name: 'incident-events-of',
  sql: `
    SELECT incident_id, seq, toUnixTimestamp64Milli(at) AS at, kind, subject_kind, subject_id, data
    FROM incident_events_v1 FINAL
    WHERE incident_id = {incident_id:String}
    ORDER BY seq`,
  params: z.object({ incident_id: z.string() }),
  row: incidentEvents.row,
});
