import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** The last word on the kill switch; no row when it was never touched. */
export const killSwitch = defineQuestion({
  name: 'kill-switch',
  sql: `
    SELECT toUnixTimestamp64Milli(k.at) AS at, is_on, by, reason
    FROM kill_switch_v1 AS k ORDER BY k.at DESC, is_on DESC LIMIT 1`,
  params: z.object({}),
  row: z.object({ at: z.number(), is_on: z.number(), by: z.string(), reason: z.string() }),
});

/** Every turn of the kill switch before a time, oldest first. */
export const killSwitchTurns = defineQuestion({
  name: 'kill-switch-turns',
  sql: `
    SELECT toUnixTimestamp64Milli(k.at) AS at, is_on, by, reason
    FROM kill_switch_v1 AS k WHERE k.at < fromUnixTimestamp64Milli({to:Int64}) ORDER BY k.at, is_on`,
  params: z.object({ to: z.int().describe('epoch ms') }),
  row: killSwitch.row,
});
