import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * The claim that counts of each shard. Epochs of progress are looked at, too: after a restore the claims may be older
 * than what was saved under them.
 */
export const detectorClaims = defineQuestion({
  name: 'detector-claims',
  sql: `
    SELECT c.shard AS shard, max(c.epoch) AS newest, argMax(c.member, (c.epoch, c.member)) AS member
    FROM (
        SELECT shard, epoch, member FROM detector_claims_v1
        UNION ALL
        SELECT shard, epoch, '' AS member FROM detector_progress_v1
    ) AS c
    GROUP BY c.shard ORDER BY c.shard`,
  params: z.object({}),
  row: z.object({ shard: z.number(), newest: z.number().describe('epoch'), member: z.string() }),
});

/** The detectors that were seen within the time of a lease, by the clock of the store. */
export const detectorMembers = defineQuestion({
  name: 'detector-members',
  sql: `
    SELECT member
    FROM detector_members_v1 AS m
    WHERE m.shards = {shards:UInt16}
    GROUP BY member
    HAVING argMax(m.leaving, (m.seen_at, m.leaving)) = 0
       AND max(m.seen_at) >= now64(3) - toIntervalMillisecond({lease_ms:UInt32})
    ORDER BY member`,
  params: z.object({ shards: z.int().positive(), lease_ms: z.int().positive() }),
  row: z.object({ member: z.string() }),
});
