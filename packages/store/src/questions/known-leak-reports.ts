import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** Which of these reports came before; the table is sorted by their ids, so only those are read. */
export const knownLeakReports = defineQuestion({
  name: 'known-leak-reports',
  sql: `
    SELECT DISTINCT toString(report_id) AS report_id
    FROM leak_reports_v1
    WHERE leak_reports_v1.report_id IN {report_ids:Array(String)}`,
  params: z.object({ report_ids: z.array(z.string().length(32)) }),
  row: z.object({ report_id: z.string() }),
});
