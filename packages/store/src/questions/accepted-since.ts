import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Requests of one key that a gateway let through after a time, by event time: the proof whether a stop works. Reads
 * one key's newest granules only (the table is sorted by key and time). A repeated event counts once.
 */
export const acceptedSince = defineQuestion({
  name: 'accepted-since',
  sql: `
    SELECT
        uniqExact(event_id) AS accepted,
        toUnixTimestamp64Milli(min(ts)) AS first_at,
        toUnixTimestamp64Milli(max(ts)) AS last_at
    FROM requests_raw_v1
    WHERE key_id = {key_id:String} AND ts > fromUnixTimestamp64Milli({since:Int64}) AND outcome = 'valid'`,
  params: z.object({ key_id: z.string(), since: z.int().describe('epoch ms') }),
  row: z.object({ accepted: z.number(), first_at: z.number(), last_at: z.number() }),
});
