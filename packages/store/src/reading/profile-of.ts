import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** What the detector has learnt of a subject, as of its shard's frontier; no row when it has saved nothing of it. */
export const profileOf = defineQuestion({
  name: 'profile-of',
  sql: `
    SELECT profile
    FROM
    (
        SELECT shard, generation, learned_until, profile FROM profiles_v2 FINAL
        WHERE shard IN (SELECT shard FROM detector_progress_v1) AND subject = {subject:String}
    ) AS saved
    INNER JOIN
    (
        SELECT shard, argMax(d.frontier, d.at) AS frontier FROM detector_progress_v1 AS d GROUP BY shard
    ) AS judged USING (shard)
    WHERE learned_until <= frontier
    ORDER BY learned_until DESC, generation DESC LIMIT 1`,
  params: z.object({ subject: z.string().describe('kind:id') }),
  row: z.object({ profile: z.string() }),
});
