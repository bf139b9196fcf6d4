import type { IncidentLog } from '../incident-log.ts';
import type { AutomaticStop } from './guards.ts';
import type { Traffic } from './traffic.ts';

const dayMs = 24 * 3_600_000;

/**
 * What the guards ask the store about all keys together: asked once in a step of the responder, however many incidents
 * there are.
 *
 * The caps hold all the same. An operation begins in a later step than the one that approved it, so the stops it is
 * measured by were read after its approval was written, as `overCap` needs it.
 */
export class StepFacts {
  readonly #incidentLog: Pick<IncidentLog, 'automaticStopsSince'>;
  readonly #traffic: Pick<Traffic, 'activeKeys' | 'frontier'>;
  readonly #sinceMs: number;
  #stops: Promise<readonly AutomaticStop[]> | null = null;
  #activeKeys: Promise<number> | null = null;
  #frontier: Promise<number | null> | null = null;

  /** @param nowMs when the step begins, epoch ms */
  constructor(
    incidentLog: Pick<IncidentLog, 'automaticStopsSince'>,
    traffic: Pick<Traffic, 'activeKeys' | 'frontier'>,
    nowMs: number,
  ) {
    this.#incidentLog = incidentLog;
    this.#traffic = traffic;
    this.#sinceMs = nowMs - dayMs;
  }

  /** What the policy stopped in the past day. */
  stops(): Promise<readonly AutomaticStop[]> {
    this.#stops ??= this.#incidentLog.automaticStopsSince(this.#sinceMs);
    return this.#stops;
  }

  /** This step approved a stop or called one off: they have to be read again. */
  stopsChanged(): void {
    this.#stops = null;
  }

  /** Keys used in the past day. */
  activeKeys(): Promise<number> {
    this.#activeKeys ??= this.#traffic.activeKeys(this.#sinceMs);
    return this.#activeKeys;
  }

  /** Everything that arrived before this is stored, epoch ms; null when ingest never ran. */
  frontier(): Promise<number | null> {
    this.#frontier ??= this.#traffic.frontier();
    return this.#frontier;
  }
}
