import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * The time before which everything that arrived is stored: the least `stored_until` of all partitions. A partition
 * whose ingest stopped holds the frontier back; that is wanted, its keys cannot be judged.
 */
export const ingestFrontier = defineQuestion({
  name: 'ingest-frontier',
  sql: `
    SELECT toUnixTimestamp64Milli(min(stored_until)) AS frontier, count() AS partitions
    FROM (SELECT argMax(stored_until, at) AS stored_until FROM ingest_progress_v1 GROUP BY topic, partition)`,
  params: z.object({}),
  row: z.object({ frontier: z.number(), partitions: z.number() }),
});
