import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** What a person who runs ClickHouse looks at first. Disks of kinds without a size (object stores) have none. */
export const serverHealth = defineQuestion({
  name: 'server-health',
  sql: `
    SELECT
        version() AS version,
        toUnixTimestamp64Milli(now64(3)) AS now,
        (SELECT min(free_space / total_space) FROM system.disks WHERE total_space > 0) AS disk_free_share,
        (SELECT count() FROM system.detached_parts WHERE database = {database:String}) AS detached_parts,
        (SELECT count() FROM system.mutations WHERE database = {database:String} AND NOT is_done
            AND latest_fail_reason != '') AS failing_mutations`,
  params: z.object({ database: z.string() }),
  row: z.object({
    version: z.string(),
    now: z.number(),
    disk_free_share: z.number().nullable(),
    detached_parts: z.number(),
    failing_mutations: z.number(),
  }),
});
