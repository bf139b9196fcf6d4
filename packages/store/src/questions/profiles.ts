import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * The profiles of a detector shard as they were when its frontier was written: of each subject the newest that is not
 * ahead of it. What is ahead belongs to a save that was not finished.
 */
export const profilesOfShard = defineQuestion({
  name: 'profiles-of-shard',
  sql: `
    SELECT subject, slot, profile
    FROM profiles_v2 FINAL
    WHERE shard = {shard:UInt16} AND learned_until <= fromUnixTimestamp64Milli({frontier:Int64})
    ORDER BY subject, learned_until DESC, generation DESC
    LIMIT 1 BY subject`,
  params: z.object({ shard: z.int(), frontier: z.int().describe('epoch ms') }),
  row: z.object({ subject: z.string(), slot: z.union([z.literal(0), z.literal(1)]), profile: z.string() }),
  check: 'first',
});

/** The running number of the last save that a detector shard began, finished or not; 0 when there was none. */
export const profileGeneration = defineQuestion({
  name: 'profile-generation',
  sql: 'SELECT max(generation) AS generation FROM profiles_v2 WHERE shard = {shard:UInt16}',
  params: z.object({ shard: z.int() }),
  row: z.object({ generation: z.number() }),
});

/** Where a detector shard stood; no row when it never ran. */
export const detectorProgress = defineQuestion({
  name: 'detector-progress',
  sql: `
    SELECT
        toUnixTimestamp64Milli(frontier) AS frontier,
        toUnixTimestamp64Milli(published_until) AS published_until,
        toUnixTimestamp64Milli(at) AS at
    FROM detector_progress_v1 FINAL
    WHERE shard = {shard:UInt16}`,
  params: z.object({ shard: z.int() }),
  row: z.object({ frontier: z.number(), published_until: z.number(), at: z.number() }),
});
