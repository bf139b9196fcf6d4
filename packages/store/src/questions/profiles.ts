import * as z from 'zod';
import { defineQuestion } from '../question.ts';

const Profile = z.object({
  subject: z.string(),
  slot: z.union([z.literal(0), z.literal(1)]),
  profile: z.string(),
});

/** Of each subject the newest that is not ahead of the frontier. What is ahead belongs to a save that was not finished. */
const profilesWhere = (condition: string) => `
    SELECT subject, slot, profile
    FROM profiles_v2 FINAL
    WHERE shard = {shard:UInt16} AND learned_until <= fromUnixTimestamp64Milli({frontier:Int64}) AND ${condition}
    ORDER BY subject, learned_until DESC, generation DESC
    LIMIT 1 BY subject`;

const shardAtFrontier = { shard: z.int(), frontier: z.int().describe('epoch ms') };

/**
 * Cuts the subjects of a detector shard into pages: the last subject of each full one, in order. Reads the narrow
 * column only, so that each page can then be read by its place in the table.
 */
export const profilePages = defineQuestion({
  name: 'profile-pages',
  sql: `
    SELECT subject
    FROM (
        SELECT subject, rowNumberInAllBlocks() AS number
        FROM (SELECT DISTINCT subject FROM profiles_v2 WHERE shard = {shard:UInt16} ORDER BY subject)
    )
    WHERE number % {rows_max:UInt32} = {rows_max:UInt32} - 1
    ORDER BY subject`,
  params: z.object({ shard: z.int(), rows_max: z.int().positive() }),
  row: z.object({ subject: z.string() }),
});

/** A page of the profiles of a detector shard, as they were when its frontier was written. */
export const profilesBetween = defineQuestion({
  name: 'profiles-between',
  sql: profilesWhere("subject > {after:String} AND ({to:String} = '' OR subject <= {to:String})"),
  params: z.object({
    ...shardAtFrontier,
    after: z.string().describe('last subject of the page before'),
    to: z.string().describe('last subject of the page; empty: to the end'),
  }),
  row: Profile,
  check: 'first',
});

/** The profiles of some subjects of a detector shard, as they were when its frontier was written. */
export const profilesOf = defineQuestion({
  name: 'profiles-of',
  sql: profilesWhere('subject IN {subjects:Array(String)}'),
  params: z.object({ ...shardAtFrontier, subjects: z.array(z.string()) }),
  row: Profile,
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

/** How far the detector shard is that is furthest behind, when the one saved that is silent longest, and how many there are. */
export const slowestDetector = defineQuestion({
  name: 'slowest-detector',
  sql: `
    SELECT
        count() AS shards,
        toUnixTimestamp64Milli(min(frontier)) AS frontier,
        toUnixTimestamp64Milli(min(p.at)) AS saved_at
    FROM detector_progress_v1 AS p FINAL`,
  params: z.object({}),
  row: z.object({ shards: z.number(), frontier: z.number(), saved_at: z.number() }),
});
