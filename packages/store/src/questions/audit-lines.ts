import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Every line of the audit log, chain by chain; FINAL is left out, so that a line that is there twice is seen. */
export const auditLines = defineQuestion({
  name: 'audit-lines',
  sql: `
    SELECT
        chain, toUInt32(seq) AS seq, toUnixTimestamp64Milli(a.at) AS at, kind, actor, incident_id, incident_seq, data,
        toString(prev_hash) AS prev_hash, toString(hash) AS hash
    FROM audit_v1 AS a
    ORDER BY chain, seq`,
  params: z.object({}),
  row: z.object({
    chain: z.string(),
    seq: z.number(),
    at: z.number(),
    kind: z.string(),
    actor: z.string(),
    incident_id: z.string(),
    incident_seq: z.number(),
    data: z.string(),
    prev_hash: z.string(),
    hash: z.string(),
  }),
});

/** The last line of every chain that no other chain has begun with yet: what a new chain begins with. */
export const auditHeads = defineQuestion({
  name: 'audit-heads',
  sql: `
    WITH anchored AS (
        SELECT
            arrayJoin(JSONExtract(data, 'heads', 'Array(Tuple(chain String, seq UInt64, hash String))')) AS head
        FROM audit_v1 WHERE kind = 'chain_opened')
    SELECT chain, toUInt32(max(seq)) AS last, toString(argMax(hash, seq)) AS hash
    FROM audit_v1
    GROUP BY chain
    HAVING (chain, max(seq)) NOT IN (SELECT head.chain, head.seq FROM anchored)
    ORDER BY chain`,
  params: z.object({}),
  row: z.object({ chain: z.string(), last: z.number(), hash: z.string() }),
});

/** Entries of the incident log that the audit log holds, of incidents with an entry at or after a time. */
export const auditedEvents = defineQuestion({
  name: 'audited-events',
  sql: `
    SELECT DISTINCT incident_id, incident_seq
    FROM audit_v1
    WHERE incident_id IN ({incidents:Array(String)}) AND incident_seq > 0`,
  params: z.object({ incidents: z.array(z.string()) }),
  row: z.object({ incident_id: z.string(), incident_seq: z.number() }),
});
