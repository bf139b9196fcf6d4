import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Queries that somebody asked, by their ids, with how they ended: `outcome` is empty while that is not on record. */
export const endedQueries = defineQuestion({
  name: 'ended-queries',
  sql: `
    SELECT
        JSONExtractString(data, 'query_id') AS query_id,
        anyIf(actor, kind = 'sql_asked') AS by,
        anyIf(JSONExtractString(data, 'sql'), kind = 'sql_asked') AS sql,
        toUnixTimestamp64Milli(min(a.at)) AS started_at,
        anyIf(JSONExtractString(data, 'outcome'), kind = 'sql_ended') AS outcome,
        maxIf(JSONExtractUInt(data, 'rows'), kind = 'sql_ended') AS rows,
        maxIf(JSONExtractFloat(data, 'elapsed_ms'), kind = 'sql_ended') AS elapsed_ms,
        anyIf(JSONExtractString(data, 'failure'), kind = 'sql_ended') AS failure
    FROM audit_v1 AS a FINAL
    WHERE kind IN ('sql_asked', 'sql_ended') AND query_id IN ({ids:Array(String)})
      AND ({by:String} = '' OR actor = {by:String})
    GROUP BY query_id
    HAVING by != ''`,
  params: z.object({ ids: z.array(z.string()), by: z.string().describe('empty: anybody') }),
  row: z.object({
    query_id: z.string(),
    by: z.string(),
    sql: z.string(),
    started_at: z.number(),
    outcome: z.enum(['', 'done', 'failed', 'cancelled']),
    rows: z.number(),
    elapsed_ms: z.number(),
    failure: z.string(),
  }),
});
