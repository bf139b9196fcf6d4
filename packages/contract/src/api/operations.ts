import * as z from 'zod';
import { PageQuery, pageOf, queryList, Time } from './page.ts';
import { defineRoute } from './route.ts';

export const operationStates = [
  'proposed',
  'approved',
  'executing',
  'state_confirmed',
  'traffic_confirmed',
  'not_effective',
  'refused',
  'failed',
  'cancelled',
  'expired',
] as const;
export const OperationState = z.enum(operationStates);

/** One thing done to one key, from the proposal to the proof by its traffic. */
export const Operation = z.object({
  operation_id: z.string(),
  incident_id: z.string(),
  action: z.enum(['disable', 'enable']),
  key_id: z.string(),
  issuer: z.string(),
  state: OperationState,
  since: Time.describe('when it came into this state'),
  proposed_at: Time,
  reason: z.string(),
  agreed_by: z.array(z.string()).describe('people who want it'),
  approved_by: z.string().nullable().describe('who had the last word; `policy` for what needs nobody'),
  not_before: Time.nullable().describe('until then it can be cancelled'),
  stopped_at: Time.nullable().describe("when the issuer's own word was read"),
  proven_at: Time.nullable().describe('when the traffic proved it'),
  attempts: z.int(),
});
export type Operation = z.infer<typeof Operation>;

export const OperationsQuery = PageQuery.extend({
  state: queryList(OperationState),
  action: z.enum(['disable', 'enable']).optional(),
  key_id: z.string().max(256).optional(),
  from: Time.optional().describe('proposed at or after'),
  to: Time.optional().describe('proposed before'),
});

export const operationRoutes = [
  defineRoute({
    id: 'listOperations',
    method: 'get',
    path: '/v1/operations',
    tag: 'operations',
    access: 'read',
    summary: 'What was proposed and done to keys, newest first; `state=proposed` waits for a person',
    query: OperationsQuery,
    response: pageOf(Operation),
    streams: 'export',
  }),
] as const;
