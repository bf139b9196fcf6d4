import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { liveStreams } from './live-streams.ts';

/**
 * The time before which everything that arrived is stored: the least `stored_until` of all partitions. A partition
 * whose ingest stopped holds the frontier back; that is wanted, its keys cannot be judged. One that is gone for good is
 * retired by a person.
 */
export const ingestFrontier = defineQuestion({
  name: 'ingest-frontier',
  sql: `
    SELECT toUnixTimestamp64Milli(min(until)) AS frontier, count() AS partitions
    FROM ${liveStreams}`,
  params: z.object({}),
  row: z.object({ frontier: z.number(), partitions: z.number() }),
});
