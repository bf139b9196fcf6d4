import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { detectorShardsNow } from './detector-shards-now.ts';
import { liveStreams } from './live-streams.ts';

/** Where ingest and detector stand; epoch ms, 0 for what never ran. */
export const pipelineProgress = defineQuestion({
  name: 'pipeline-progress',
  sql: `
    SELECT
        (SELECT toUnixTimestamp64Milli(min(until)) FROM ${liveStreams}) AS stored_until,
        (SELECT sum(lag) FROM ${liveStreams}) AS lag,
        (SELECT toUnixTimestamp64Milli(min(p.frontier)) FROM ${detectorShardsNow} AS p) AS frontier,
        (SELECT count() FROM dead_letters_v1 WHERE at > now() - INTERVAL 1 DAY) AS dead_letters,
        (SELECT count() FROM ingest_gaps_v1 WHERE at > now() - INTERVAL 1 DAY) AS gaps`,
  params: z.object({}),
  row: z.object({
    stored_until: z.number(),
    lag: z.number(),
    frontier: z.number(),
    dead_letters: z.number(),
    gaps: z.number(),
  }),
});
