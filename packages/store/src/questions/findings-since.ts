import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { findingColumns, StoredFinding } from './finding-columns.ts';

/**
 * Stored findings detected at or after a time, in the order of detection: to publish or recover them again. The table's
 * name stands before the column because the bare name means the number that is selected.
 */
export const findingsSince = defineQuestion({
  name: 'findings-since',
  sql: `
    SELECT ${findingColumns}
    FROM findings_v1 FINAL
    WHERE findings_v1.detected_at >= fromUnixTimestamp64Milli({since:Int64})
    ORDER BY detected_at, finding_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: StoredFinding,
});
