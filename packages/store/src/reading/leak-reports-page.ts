import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** A page of leak reports, newest first. */
export const leakReportsPage = defineQuestion({
  name: 'leak-reports-page',
  sql: `
    SELECT
        report_id, toUnixTimestamp64Milli(r.reported_at) AS at, feed, secret_type, place, fingerprint, key_id, finding_id
    FROM leak_reports_v1 AS r FINAL
    WHERE r.reported_at >= fromUnixTimestamp64Milli({from:Int64}) AND r.reported_at < fromUnixTimestamp64Milli({to:Int64})
      AND ({matched:String} = '' OR (key_id != '') = ({matched:String} = 'yes'))
      AND ({has_place:Bool} = 0 OR (at, report_id) < ({after_at:Int64}, {after_id:String}))
    ORDER BY at DESC, report_id DESC
    LIMIT {rows:UInt32}`,
  params: z.object({
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms'),
    matched: z.enum(['yes', 'no', '']),
    has_place: z.boolean(),
    after_at: z.int(),
    after_id: z.string(),
    rows: z.int().positive(),
  }),
  row: z.object({
    report_id: z.string(),
    at: z.number(),
    feed: z.string(),
    secret_type: z.string(),
    place: z.string(),
    fingerprint: z.string(),
    key_id: z.string(),
    finding_id: z.string(),
  }),
});
