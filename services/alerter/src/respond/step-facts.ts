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
  readonly #incidentLog: Pick<IncidentLog, 'automaticStopsSince' | 'oddKeysSince'>;
  readonly #traffic: Pick<Traffic, 'activeKeys' | 'frontier'>;
  readonly #sinceMs: number;
  readonly #oddSinceMs: number;
  #stops: Promise<readonly AutomaticStop[]> | null = null;
  #activeKeys: Promise<number> | null = null;
  #frontier: Promise<number | null> | null = null;
  #oddKeys: Promise<number> | null = null;

  /**
   * @param nowMs when the step begins, epoch ms
   * @param oddWithinMs for how long a key that looked odd counts
   */
  constructor(
    incidentLog: Pick<IncidentLog, 'automaticStopsSince' | 'oddKeysSince'>,
    traffic: Pick<Traffic, 'activeKeys' | 'frontier'>,
    nowMs: number,
    oddWithinMs: number,
  ) {
    this.#incidentLog = incidentLog;
    this.#traffic = traffic;
    this.#sinceMs = nowMs - dayMs;
    this.#oddSinceMs = nowMs - oddWithinMs;
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

  /** Keys that got an incident of late, whoever writes it. */
  oddKeys(): Promise<number> {
    this.#oddKeys ??= this.#incidentLog.oddKeysSince(this.#oddSinceMs);
    return this.#oddKeys;
  }

  /** Everything that arrived before this is stored, epoch ms; null when ingest never ran. */
  frontier(): Promise<number | null> {
    this.#frontier ??= this.#traffic.frontier();
    return this.#frontier;
  }
}
