import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Elements that could not be used, newest first. The sort key begins with the time. A letter that was stored twice,
 * because a batch was formed again after a crash, comes once.
 */
export const deadLettersOf = defineQuestion({
  name: 'dead-letters-of',
  sql: `
    SELECT
        formatDateTime(any(dead_letters_v1.at) AS first_at, '%FT%T.%fZ', 'UTC') AS at,
        any(reason) AS reason, any(detail) AS detail, any(original) AS original,
        concat(_topic, '/', toString(_partition), '/', toString(_offset), '/', toString(_idx)) AS place
    FROM dead_letters_v1
    WHERE dead_letters_v1.at >= fromUnixTimestamp64Milli({since:Int64})
      AND ({reason:String} = '' OR dead_letters_v1.reason = {reason:String})
      AND (empty({places:Array(String)}) OR has({places:Array(String)}, place))
    GROUP BY _topic, _partition, _offset, _idx
    ORDER BY first_at DESC, place
    LIMIT {rows:UInt32}`,
  params: z.object({
    since: z.int().describe('epoch ms'),
    reason: z.string().describe('empty: any'),
    places: z.array(z.string()).describe('topic/partition/offset/index; empty: any'),
    rows: z.int().positive(),
  }),
  row: z.object({
    at: z.string(),
    reason: z.string(),
    detail: z.string(),
    original: z.string(),
    place: z.string(),
  }),
});
