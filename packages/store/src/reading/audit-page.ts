import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Lines of the record of who did what, newest first. */
export const auditPage = defineQuestion({
  name: 'audit-page',
  sql: `
    SELECT
        toUnixTimestamp64Milli(a.at) AS at, chain, toUInt32(seq) AS seq, kind, actor, incident_id, data, toString(hash) AS hash
    FROM audit_v1 AS a FINAL
    WHERE ({actor:String} = '' OR startsWith(actor, {actor:String}))
      AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, toString(kind)))
      AND ({incident_id:String} = '' OR incident_id = {incident_id:String})
      AND a.at >= fromUnixTimestamp64Milli({from:Int64}) AND a.at < fromUnixTimestamp64Milli({to:Int64})
      AND ({has_place:Bool} = 0 OR (toUnixTimestamp64Milli(a.at), chain, toUInt32(seq)) < ({after_at:Int64}, {after_chain:String}, {after_seq:UInt32}))
    ORDER BY a.at DESC, chain DESC, seq DESC
    LIMIT {rows:UInt32}`,
  params: z.object({
    actor: z.string(),
    kinds: z.array(z.string()),
    incident_id: z.string(),
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms'),
    has_place: z.boolean(),
    after_at: z.int(),
    after_chain: z.string(),
    after_seq: z.int(),
    rows: z.int().positive(),
  }),
  row: z.object({
    at: z.number(),
    chain: z.string(),
    seq: z.number(),
    kind: z.string(),
    actor: z.string(),
    incident_id: z.string(),
    data: z.string(),
    hash: z.string(),
  }),
});
