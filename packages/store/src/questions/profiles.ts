import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { detectorShardsNow } from './detector-shards-now.ts';

const Profile = z.object({
  subject: z.string(),
  slot: z.union([z.literal(0), z.literal(1)]),
  profile: z.string(),
});

/** A generation is the epoch of the claim times this, plus the running number of the save. */
export const savesOfEpochMax = 2 ** 20;

/**
 * Whether the owner of that time could write it: what a claim learned beyond the frontier from which a later one went on
 * came too late.
 */
const inTime = `arrayAll(
        (epoch, from) -> intDiv(generation, ${savesOfEpochMax}) >= epoch OR learned_until <= fromUnixTimestamp64Milli(from),
        {epochs:Array(UInt64)}, {started_from:Array(Int64)})`;

/** Of each subject the newest that is not ahead of the frontier. What is ahead belongs to a save that was not finished. */
const profilesWhere = (condition: string) => `
    SELECT subject, slot, profile
    FROM profiles_v2 FINAL
    WHERE shard = {shard:UInt16} AND learned_until <= fromUnixTimestamp64Milli({frontier:Int64}) AND ${inTime}
      AND ${condition}
    ORDER BY subject, learned_until DESC, generation DESC
    LIMIT 1 BY subject`;

const shardAtFrontier = {
  shard: z.int(),
  frontier: z.int().describe('epoch ms'),
  epochs: z.array(z.int()).describe('of the claims that saved'),
  started_from: z.array(z.int()).describe('the frontier from which each of them went on, epoch ms'),
};

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

/** Where a detector shard stood under each claim, the newest first; no row when it never ran. Claims of long ago are left out. */
export const detectorProgress = defineQuestion({
  name: 'detector-progress',
  sql: `
    SELECT
        epoch,
        toUnixTimestamp64Milli(started_from) AS started_from,
        toUnixTimestamp64Milli(frontier) AS frontier,
        toUnixTimestamp64Milli(published_until) AS published_until,
        toUnixTimestamp64Milli(at) AS at
    FROM detector_progress_v1 FINAL
    WHERE shard = {shard:UInt16}
    ORDER BY detector_progress_v1.epoch DESC LIMIT 200`,
  params: z.object({ shard: z.int() }),
  row: z.object({
    epoch: z.number(),
    started_from: z.number(),
    frontier: z.number(),
    published_until: z.number(),
    at: z.number(),
  }),
});

/** Up to when findings were published by shards of another count; 0 when there were none. */
export const publishedByOtherShards = defineQuestion({
  name: 'published-by-other-shards',
  sql: `
    SELECT toUnixTimestamp64Milli(max(published_until)) AS until
    FROM detector_progress_v1 WHERE intDiv(shard, 256) != intDiv({shard:UInt16}, 256)`,
  params: z.object({ shard: z.int() }),
  row: z.object({ until: z.number() }),
});

/**
 * Copies what one detector alone has learned to one of several shards: of its own keys, or of all when `keys_of` is 0. Parameters
 * are those of the questions here, and `to_shard`, `generation`, `keys_of` (how many shards share the keys), `part` (which of them).
 */
export const copyProfiles = `
    INSERT INTO profiles_v2 (shard, subject, slot, generation, learned_until, profile)
    SELECT {to_shard:UInt16} AS shard, subject, 0 AS slot, {generation:UInt64} AS generation, learned_until, profile
    FROM (
        SELECT subject, learned_until, profile, JSONExtractString(profile, 'accountId') AS account
        FROM profiles_v2 FINAL
        WHERE shard = {shard:UInt16} AND learned_until <= fromUnixTimestamp64Milli({frontier:Int64}) AND ${inTime}
        ORDER BY subject, learned_until DESC, profiles_v2.generation DESC
        LIMIT 1 BY subject
    )
    WHERE {keys_of:UInt16} = 0 OR NOT startsWith(subject, 'key:')
       OR CRC32(if(account = '', substring(subject, 5), account)) % {keys_of:UInt16} = {part:UInt16}`;

/** How far the detector shard is that is furthest behind, when the one saved that is silent longest, and how many there are. */
export const slowestDetector = defineQuestion({
  name: 'slowest-detector',
  sql: `
    SELECT
        count() AS shards,
        toUnixTimestamp64Milli(min(p.frontier)) AS frontier,
        toUnixTimestamp64Milli(min(p.at)) AS saved_at
    FROM ${detectorShardsNow} AS p`,
  params: z.object({}),
  row: z.object({ shards: z.number(), frontier: z.number(), saved_at: z.number() }),
});
