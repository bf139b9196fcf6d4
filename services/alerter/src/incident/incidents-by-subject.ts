import { type Subject, subjectKey } from '@tripkey/contract';
import type { Incident } from './incident.ts';

/** Incidents, and which of a subject findings about it belong to. The same for equal incidents in whatever order. */
export class IncidentsBySubject {
  readonly #incidents = new Map<string, Incident>();
  readonly #bySubject = new Map<string, Set<string>>();

  get(incidentId: string): Incident | undefined {
    return this.#incidents.get(incidentId);
  }

  /** Keeps an incident as it is now. */
  set(incident: Incident): void {
    if (!this.#incidents.has(incident.id)) {
      const subject = subjectKey(incident.subject);
      this.#bySubject.set(subject, (this.#bySubject.get(subject) ?? new Set()).add(incident.id));
    }
    this.#incidents.set(incident.id, incident);
  }

  delete(incident: Incident): void {
    this.#incidents.delete(incident.id);
    const subject = subjectKey(incident.subject);
    const ids = this.#bySubject.get(subject);
    ids?.delete(incident.id);
    if (ids?.size === 0) this.#bySubject.delete(subject);
  }

  values(): MapIterator<Incident> {
    return this.#incidents.values();
  }

  /** The subject's open incident; the newest, should an older one have been reopened beside it. */
  openOf(subject: Subject): Incident | undefined {
    return this.#newestOf(subject, ({ state }) => state === 'open');
  }

  /**
   * Where findings about a subject without an open incident of its own belong to, because its newest incident was
   * merged: the open incident at the end, or the id of one that is not kept here. Null when it is over.
   */
  mergedInto(subject: Subject): Incident | string | null {
    let incident = this.#newestOf(subject, () => true);
    const seen = new Set<string>();
    while (incident?.resolution?.into && !seen.has(incident.id)) {
      seen.add(incident.id);
      const { into } = incident.resolution;
      incident = this.#incidents.get(into);
      if (!incident) return into;
    }
    return incident?.state === 'open' && seen.size > 0 ? incident : null;
  }

  #newestOf(subject: Subject, fits: (incident: Incident) => boolean): Incident | undefined {
    let newest: Incident | undefined;
    for (const id of this.#bySubject.get(subjectKey(subject)) ?? []) {
      const one = this.#incidents.get(id)!;
      if (fits(one) && (!newest || isNewer(one, newest))) newest = one;
    }
    return newest;
  }
}

function isNewer(one: Incident, other: Incident): boolean {
  return one.openedAt > other.openedAt || (one.openedAt === other.openedAt && one.id > other.id);
}
