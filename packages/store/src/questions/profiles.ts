import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** The saved profiles of a detector shard, newest of each subject. */
export const profilesOfShard = defineQuestion({
  name: 'profiles-of-shard',
  sql: `
    SELECT subject, profile
    FROM profiles_v1 FINAL
    WHERE shard = {shard:UInt16}
    ORDER BY subject`,
  params: z.object({ shard: z.int() }),
  row: z.object({ subject: z.string(), profile: z.string() }),
  check: 'first',
});

/** Where a detector shard stood; no row when it never ran. */
export const detectorProgress = defineQuestion({
  name: 'detector-progress',
  sql: `
    SELECT
        toUnixTimestamp64Milli(frontier) AS frontier,
        toUnixTimestamp64Milli(published_until) AS published_until
    FROM detector_progress_v1 FINAL
    WHERE shard = {shard:UInt16}`,
  params: z.object({ shard: z.int() }),
  row: z.object({ frontier: z.number(), published_until: z.number() }),
});
