import type { IncidentCommand } from './incident-command.ts';

/** Where commands wait for the writer of their incident, which may be another alerter than the one that took them. */
export interface CommandQueue {
  /** Repeating it with the same `command_id` is harmless. */
  send(command: IncidentCommand): Promise<void>;
  /** Commands that were asked for at or after a time, oldest first. */
  since(sinceMs: number): Promise<IncidentCommand[]>;
}
