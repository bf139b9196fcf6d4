import type { IncidentEvent } from './incident/incident-event.ts';
import type { AutomaticStop } from './respond/guards.ts';

/**
 * Everything the alerter knows, append-only. An incident has one writer at a time; an event is known by incident and
 * number, and appending it again changes nothing.
 */
export interface IncidentLog {
  /** Appends all events or none. Repeating a call with the same events is harmless. */
  append(events: readonly IncidentEvent[]): Promise<void>;
  /** All events of incidents that are open or have an event at or after `sinceMs`, by incident and number. */
  load(sinceMs: number): Promise<IncidentEvent[]>;
  /** All events of one incident, by number; none when it is not known. */
  loadOne(incidentId: string): Promise<IncidentEvent[]>;
  /** Stops approved by policy, at any alerter, that began at or after `sinceMs` or may still begin. */
  automaticStopsSince(sinceMs: number): Promise<AutomaticStop[]>;
  /** Which of these findings are in an incident, at any alerter. */
  findingsIn(findingIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many keys got an incident at or after `sinceMs`, at any alerter. */
  oddKeysSince(sinceMs: number): Promise<number>;
}
