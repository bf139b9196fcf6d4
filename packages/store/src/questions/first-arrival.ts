import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** When the oldest stored event arrived, epoch ms. */
export const firstArrival = defineQuestion({
  name: 'first-arrival',
  sql: 'SELECT toUnixTimestamp64Milli(min(arrived_at)) AS first, count() AS rows FROM requests_raw_v1',
  params: z.object({}),
  row: z.object({ first: z.number(), rows: z.number() }),
});
