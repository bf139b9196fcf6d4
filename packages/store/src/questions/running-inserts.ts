import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * How many inserts with a token that begins so are running: what was sent before a crash may still be under way. Those
 * whose tokens begin like one of `but` are left out.
 */
export const runningInserts = defineQuestion({
  name: 'running-inserts',
  sql: `
    SELECT count() AS running FROM system.processes
    WHERE startsWith(Settings['insert_deduplication_token'], {token:String})
      AND NOT arrayExists(but -> startsWith(Settings['insert_deduplication_token'], but), {but:Array(String)})`,
  params: z.object({ token: z.string(), but: z.array(z.string()).default([]) }),
  row: z.object({ running: z.number() }),
});
