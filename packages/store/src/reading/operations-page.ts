import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Operations after a place in the order of their proposal, newest first. */
export const operationsPage = defineQuestion({
  name: 'operations-page',
  sql: `
    SELECT operation_id, incident_id, toUnixTimestamp64Milli(proposed_at) AS proposed
    FROM actions
    WHERE (empty({state:Array(String)}) OR has({state:Array(String)}, state))
      AND ({action:String} = '' OR action = {action:String})
      AND ({key_id:String} = '' OR key_id = {key_id:String})
      AND proposed_at >= fromUnixTimestamp64Milli({from:Int64}) AND proposed_at < fromUnixTimestamp64Milli({to:Int64})
      AND ({has_place:Bool} = 0 OR (proposed, operation_id) < ({after_at:Int64}, {after_id:String}))
    ORDER BY proposed DESC, operation_id DESC
    LIMIT {rows:UInt32}`,
  params: z.object({
    state: z.array(z.string()),
    action: z.string(),
    key_id: z.string(),
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms'),
    has_place: z.boolean(),
    after_at: z.int(),
    after_id: z.string(),
    rows: z.int().positive(),
  }),
  row: z.object({ operation_id: z.string(), incident_id: z.string(), proposed: z.number() }),
});

/** How many operations are in each state. */
export const operationCounts = defineQuestion({
  name: 'operation-counts',
  sql: 'SELECT state, count() AS operations FROM actions GROUP BY state',
  params: z.object({}),
  row: z.object({ state: z.string(), operations: z.number() }),
});
