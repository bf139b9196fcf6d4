import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Which elements of a range of offsets are in a table. `time` names the table's column of arrival, by which its
 * newest parts are found; with `since` 0 the whole table is read, of which three narrow columns.
 */
export const storedPositions = defineQuestion({
  name: 'stored-positions',
  sql: `
    SELECT _offset, _idx
    FROM {table:Identifier}
    WHERE _topic = {topic:String} AND _partition = {partition:UInt16}
      AND _offset >= {from:UInt64} AND _offset < {to:UInt64}
      AND {time:Identifier} >= fromUnixTimestamp64Milli({since:Int64})`,
  params: z.object({
    table: z.enum(['requests_raw_v1', 'dead_letters_v1']),
    time: z.enum(['arrived_at', 'at']),
    topic: z.string(),
    partition: z.int(),
    from: z.string().describe('first offset'),
    to: z.string().describe('offset after the last'),
    since: z.int().describe('epoch ms; nothing of the range arrived before'),
  }),
  row: z.tuple([z.number(), z.number()]),
  format: 'compact',
  check: 'first',
});
