import type { Clock, Logger } from '@tripkey/service-kit';
import { Pacing } from '../../alert/pacing.ts';
import type { AlerterMetrics } from '../../alerter-metrics.ts';
import { canonicalJson } from '../../audit/audit-line.ts';
import type { AuditTrail } from '../../audit/audit-trail.ts';

/** A click that was turned away. */
export interface Refusal {
  readonly why: string;
  readonly action?: string;
  readonly user?: string;
  readonly team?: string;
  readonly incidentId?: string;
}

/**
 * Puts on record who was turned away, and counts it. Anybody can send forged clicks, so the record takes one a second
 * after the first sixty; the count, which stands in the next line, is of all.
 */
export class Refusals {
  readonly #audit: AuditTrail;
  readonly #metrics: AlerterMetrics;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #pacing = new Pacing({ perSecond: 1, burstMax: 60 });
  #left = 0;

  constructor(parts: { audit: AuditTrail; metrics: AlerterMetrics; clock: Clock; log: Logger }) {
    this.#audit = parts.audit;
    this.#metrics = parts.metrics;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** A click that was not turned away. */
  taken(): void {
    this.#metrics.interactions.inc({ result: 'taken' });
  }

  /** Never throws: what the record does not take now is written with the next line. */
  async refuse({ why, action = '', user = '', team = '', incidentId = '' }: Refusal): Promise<void> {
    const at = this.#clock.now();
    this.#metrics.interactions.inc({ result: why });
    if (!this.#pacing.take(at)) {
      this.#left += 1;
      return;
    }
    const data = canonicalJson({ why, action, team, ...(this.#left > 0 ? { not_written: this.#left } : {}) });
    this.#left = 0;
    const actor = user ? `slack:${user}` : 'unknown';
    this.#audit.add([
      { at, kind: 'interaction_refused', actor, incident_id: incidentId, incident_seq: 0, data },
    ]);
    try {
      await this.#audit.flush();
    } catch (err) {
      this.#log.warn(
        { err },
        'the audit log does not take that a click was refused, trying with the next one',
      );
    }
  }
}
