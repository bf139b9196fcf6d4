import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Requests of one key, and of all, at or after a time: stopping a key that makes a large part is for people. */
export const requestShare = defineQuestion({
  name: 'request-share',
  sql: `
    SELECT sumIf(u.requests, key_id = {key_id:String}) AS of_key, sum(u.requests) AS requests
    FROM usage_per_minute_v1 AS u
    WHERE minute >= fromUnixTimestamp64Milli({since:Int64})`,
  params: z.object({ key_id: z.string(), since: z.int().describe('epoch ms') }),
  row: z.object({ of_key: z.number(), requests: z.number() }),
});
