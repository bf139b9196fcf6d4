import * as z from 'zod';
import { Overview } from './overview.ts';
import { Policy } from './policy.ts';
import { defineRoute } from './route.ts';

/** What somebody has to know whatever page is open. */
export const Status = z.object({
  incidents_unattended: z.int().describe('open ones that nobody has in hand'),
  incidents_critical: z.int().describe('critical ones that are not resolved'),
  operations_waiting: z.int().describe('proposed, for a person to decide'),
  kill_switch: Policy.shape.kill_switch,
  pipeline: Overview.shape.pipeline,
});
export type Status = z.infer<typeof Status>;

export const statusRoutes = [
  defineRoute({
    id: 'getStatus',
    method: 'get',
    path: '/v1/status',
    tag: 'overview',
    access: 'read',
    summary: 'How much waits for somebody, and whether all is well; cheap enough to be asked now and then',
    response: Status,
  }),
] as const;
