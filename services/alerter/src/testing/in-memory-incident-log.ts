import type { IncidentEvent } from '../incident/incident-event.ts';
import { policyApprover } from '../incident/operation.ts';
import type { IncidentLog } from '../incident-log.ts';
import type { AutomaticStop } from '../respond/guards.ts';

/** The incident log without a database; passes the same suite as the real one. */
export class InMemoryIncidentLog implements IncidentLog {
  readonly #events = new Map<string, IncidentEvent>();

  async append(events: readonly IncidentEvent[]): Promise<void> {
    for (const event of events) {
      const name = `${event.incident_id}:${event.seq}`;
      if (!this.#events.has(name)) this.#events.set(name, structuredClone(event));
    }
  }

  async load(sinceMs: number): Promise<IncidentEvent[]> {
    const byIncident = Map.groupBy(this.events(), (event) => event.incident_id);
    return [...byIncident.values()].filter((events) => isWanted(events, sinceMs)).flat();
  }

  async loadOne(incidentId: string): Promise<IncidentEvent[]> {
    return this.events().filter((event) => event.incident_id === incidentId);
  }

  async automaticStopsSince(sinceMs: number): Promise<AutomaticStop[]> {
    const steps = this.events().filter((event) => 'operation_id' in event);
    return [...Map.groupBy(steps, ({ operation_id }) => operation_id).values()].flatMap((events) => {
      const approved = events.find((event) => event.kind === 'operation_approved');
      if (approved?.by !== policyApprover) return [];
      const at = events.find(({ kind }) => kind === 'operation_executing')?.at ?? null;
      const calledOff = events.some(
        ({ kind }) => kind === 'operation_cancelled' || kind === 'operation_expired',
      );
      if (at === null ? calledOff : at < sinceMs) return [];
      return [{ at, keyId: approved.key_id ?? '' }];
    });
  }

  async findingsIn(findingIds: readonly string[]): Promise<ReadonlySet<string>> {
    const wanted = new Set(findingIds);
    return new Set(
      this.events().flatMap((event) =>
        event.kind === 'finding_added' && wanted.has(event.finding.finding_id)
          ? [event.finding.finding_id]
          : [],
      ),
    );
  }

  async oddKeysSince(sinceMs: number): Promise<number> {
    const opened = this.events().filter(({ kind, at }) => kind === 'opened' && at >= sinceMs);
    return new Set(opened.flatMap(({ subject }) => (subject.kind === 'key' ? [subject.id] : []))).size;
  }

  /** All events, by incident and number. */
  events(): IncidentEvent[] {
    return [...this.#events.values()].sort((a, b) =>
      a.incident_id === b.incident_id ? a.seq - b.seq : a.incident_id < b.incident_id ? -1 : 1,
    );
  }
}

function isWanted(events: readonly IncidentEvent[], sinceMs: number): boolean {
  const last = events.findLast(({ kind }) =>
    ['opened', 'reopened', 'resolved', 'operation_not_effective'].includes(kind),
  );
  return last?.kind !== 'resolved' || events.some((event) => event.at >= sinceMs);
}
