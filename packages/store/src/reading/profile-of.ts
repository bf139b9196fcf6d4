import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { detectorShardsNow } from '../questions/detector-shards-now.ts';

/** What the detector has learnt of a subject, as of its shard's frontier; no row when it has saved nothing of it. */
export const profileOf = defineQuestion({
  name: 'profile-of',
  sql: `
    SELECT profile
    FROM
    (
        SELECT shard, generation, learned_until, profile FROM profiles_v2 FINAL
        WHERE shard IN (SELECT shard FROM ${detectorShardsNow}) AND subject = {subject:String}
    ) AS saved
    INNER JOIN
    ${detectorShardsNow} AS judged USING (shard)
    WHERE learned_until <= frontier
    -- The last shard watches the fleet and knows every key, but judges none.
    ORDER BY shard, learned_until DESC, generation DESC LIMIT 1`,
  params: z.object({ subject: z.string().describe('kind:id') }),
  row: z.object({ profile: z.string() }),
});
