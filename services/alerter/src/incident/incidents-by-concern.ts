import { type Concern, concernKey } from './concern.ts';
import type { Incident } from './incident.ts';

/** Incidents, and which of a concern findings about it belong to. The same for equal incidents in whatever order. */
export class IncidentsByConcern {
  readonly #incidents = new Map<string, Incident>();
  readonly #byConcern = new Map<string, Set<string>>();

  get(incidentId: string): Incident | undefined {
    return this.#incidents.get(incidentId);
  }

  /** Keeps an incident as it is now. */
  set(incident: Incident): void {
    if (!this.#incidents.has(incident.id)) {
      const concern = concernKey(incident);
      this.#byConcern.set(concern, (this.#byConcern.get(concern) ?? new Set()).add(incident.id));
    }
    this.#incidents.set(incident.id, incident);
  }

  delete(incident: Incident): void {
    this.#incidents.delete(incident.id);
    const concern = concernKey(incident);
    const ids = this.#byConcern.get(concern);
    ids?.delete(incident.id);
    if (ids?.size === 0) this.#byConcern.delete(concern);
  }

  values(): MapIterator<Incident> {
    return this.#incidents.values();
  }

  /** A concern's open incident; the newest, should an older one have been reopened beside it. */
  openOf(concern: Concern): Incident | undefined {
    return this.#newestOf(concern, ({ state }) => state === 'open');
  }

  /**
   * Where findings about a concern without an open incident of its own belong to, because its newest incident was
   * merged: the open incident at the end, or the id of one that is not kept here. Null when it is over.
   */
  mergedInto(concern: Concern): Incident | string | null {
    let incident = this.#newestOf(concern, () => true);
    const seen = new Set<string>();
    while (incident?.resolution?.into && !seen.has(incident.id)) {
      seen.add(incident.id);
      const { into } = incident.resolution;
      incident = this.#incidents.get(into);
      if (!incident) return into;
    }
    return incident?.state === 'open' && seen.size > 0 ? incident : null;
  }

  #newestOf(concern: Concern, fits: (incident: Incident) => boolean): Incident | undefined {
    let newest: Incident | undefined;
    for (const id of this.#byConcern.get(concernKey(concern)) ?? []) {
      const one = this.#incidents.get(id)!;
      if (fits(one) && (!newest || isNewer(one, newest))) newest = one;
    }
    return newest;
  }
}

function isNewer(one: Incident, other: Incident): boolean {
  return one.openedAt > other.openedAt || (one.openedAt === other.openedAt && one.id > other.id);
}
