import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Backtests, newest first; one when it is named. */
export const backtestsPage = defineQuestion({
  name: 'backtests-page',
  sql: `
    SELECT
        backtest_id, toUnixTimestamp64Milli(b.version) AS version, state, progress, by,
        toUnixTimestamp64Milli(b.created_at) AS created_at, toUnixTimestamp64Milli(b.finished_at) AS finished_at,
        request, failure, result
    FROM backtests_v1 AS b FINAL
    WHERE ({backtest_id:String} = '' OR backtest_id = {backtest_id:String})
      AND ({has_place:Bool} = 0 OR (toUnixTimestamp64Milli(b.created_at), backtest_id) < ({after_at:Int64}, {after_id:String}))
    ORDER BY b.created_at DESC, backtest_id DESC
    LIMIT {rows:UInt32}`,
  params: z.object({
    backtest_id: z.string().describe('empty: any'),
    has_place: z.boolean(),
    after_at: z.int(),
    after_id: z.string(),
    rows: z.int().positive(),
  }),
  row: z.object({
    backtest_id: z.string(),
    version: z.number(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    progress: z.number(),
    by: z.string(),
    created_at: z.number(),
    finished_at: z.number().nullable(),
    request: z.string(),
    failure: z.string(),
    result: z.string(),
  }),
});
