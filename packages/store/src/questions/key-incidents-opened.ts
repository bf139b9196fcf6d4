import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * How many keys got an incident at or after a time, whoever writes it: when very many look odd at once, it is an outage
 * or we are wrong.
 */
export const keyIncidentsOpened = defineQuestion({
  name: 'key-incidents-opened',
  sql: `
    SELECT uniqExact(subject_id) AS keys FROM incident_events_v1 AS e
    WHERE kind = 'opened' AND subject_kind = 'key' AND e.at >= fromUnixTimestamp64Milli({since:Int64})`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({ keys: z.number() }),
});
