import { Finding } from '@tripkey/contract';
import * as z from 'zod';
import { ResolutionReason } from '../incident/incident-event.ts';

const operation_id = z.string().min(16).max(64);
const incident_id = z.string().min(1).max(64);
const reason = z.string().min(1).max(300);
const head = {
  command_id: z.string().min(8).max(128).describe('the same for every attempt at the same wish'),
  incident_id,
  at: z.int().describe('when the person asked, epoch ms'),
  by: z.string().min(1).max(128).describe('who asks, such as `slack:U0123`'),
  by_name: z.string().max(128).describe('the name that people know them by'),
};

/**
 * What a person wants done about an incident. Whoever takes it has checked who they are; whether it still makes sense
 * is decided by the incident's one writer.
 */
export const IncidentCommand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('acknowledge'), ...head }),
  z.object({
    kind: z.literal('snooze'),
    ...head,
    for_ms: z
      .int()
      .min(60_000)
      .max(7 * 86_400_000),
  }),
  z.object({
    kind: z.literal('resolve'),
    ...head,
    reason: ResolutionReason.exclude(['quiet', 'merged']),
    note: z.string().max(300).default(''),
  }),
  z.object({ kind: z.literal('reopen'), ...head, reason }),
  z.object({ kind: z.literal('escalate'), ...head, reason }),
  z.object({ kind: z.literal('merge'), ...head, into: incident_id.describe('what it is a part of') }),
  z
    .object({ kind: z.literal('absorb'), ...head, from: incident_id, from_title: z.string().max(300) })
    .describe('the other end of a merge; sent by the writer of the incident that was merged'),
  z
    .object({ kind: z.literal('join'), ...head, finding: Finding })
    .describe('a finding about what was merged into it; sent by the writer of the incident that was merged'),
  z.object({ kind: z.literal('stop'), ...head, reason }),
  z.object({ kind: z.literal('approve'), ...head, operation_id }),
  z.object({ kind: z.literal('cancel'), ...head, operation_id }),
  z.object({ kind: z.literal('undo'), ...head, operation_id, reason }),
]);
export type IncidentCommand = z.infer<typeof IncidentCommand>;
