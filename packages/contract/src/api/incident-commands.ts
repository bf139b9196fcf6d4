import * as z from 'zod';
import { ResolveReason } from './incidents.ts';

/** What became of something a person asked for. `waiting`: the alerter has not answered yet; ask again. */
export const CommandResult = z.object({
  command_id: z.string(),
  incident_id: z.string(),
  state: z.enum(['done', 'refused', 'waiting']),
  told: z.string().nullable().describe('why it was refused'),
});
export type CommandResult = z.infer<typeof CommandResult>;

export const Snooze = z.object({
  minutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60),
});
export const Resolve = z.object({ reason: ResolveReason, note: z.string().max(300).default('') });
export const WithReason = z.object({ reason: z.string().trim().min(1).max(300) });
/** The incident that it is a part of. */
export const Merge = z.object({ into: z.string().min(1).max(64) });
