import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Which of the wanted events are stored as counted rows, and where. Key and time of an event are the beginning of the
 * table's sort key, and a copy has both, so each costs one granule of it.
 */
export const firstCopies = defineQuestion({
  name: 'first-copies',
  sql: `
    SELECT key_id, toUnixTimestamp64Milli(ts) AS at, event_id, _topic, _partition, _offset, _idx
    FROM requests_raw_v1
    WHERE (key_id, ts) IN (
        SELECT tupleElement(wanted, 1), fromUnixTimestamp64Milli(tupleElement(wanted, 2), 'UTC')
        FROM (SELECT arrayJoin(arrayZip({keys:Array(String)}, {times:Array(Int64)})) AS wanted)
    ) AND is_repeat = 0`,
  params: z.object({ keys: z.array(z.string()), times: z.array(z.int()).describe('epoch ms, one a key') }),
  row: z.tuple([
    z.string(), // key_id
    z.number(), // ts, epoch ms
    z.string(), // event_id
    z.string(), // _topic
    z.number(), // _partition
    z.number(), // _offset
    z.number(), // _idx
  ]),
  format: 'compact',
  check: 'first',
});
