import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** About how many keys were used at or after a time; the caps of automatic response are a share of them. */
export const activeKeys = defineQuestion({
  name: 'active-keys',
  sql: `
    SELECT uniq(key_id) AS keys FROM usage_per_minute_v1
    WHERE minute >= fromUnixTimestamp64Milli({since:Int64})`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({ keys: z.number() }),
});
