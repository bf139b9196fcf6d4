import type { KeyIssuer } from '@tripkey/issuers';
import type { Clock } from '@tripkey/service-kit';
import * as z from 'zod';
import type { Incident } from '../incident/incident.ts';
import type { IncidentEventBody } from '../incident/incident-event.ts';
import type { Operation } from '../incident/operation.ts';
import type { Traffic } from './traffic.ts';

export const ProofSettings = z.strictObject({
  windowMs: z.coerce
    .number()
    .int()
    .positive()
    .default(30_000)
    .describe('traffic watched after the propagation time before a stop counts as proven'),
  watchMs: z.coerce
    .number()
    .int()
    .positive()
    .default(24 * 3_600_000)
    .describe('how long an accepted request still reopens the incident'),
});
export type ProofSettings = z.infer<typeof ProofSettings>;

const askEveryMs = 2_000;
const watchEveryMs = 15_000;

/**
 * Proves by traffic that a stop works, and says so when it does not.
 *
 * From the issuer's propagation time after the stop on, no request of the key may be accepted. It is proven once
 * ingest has stored everything that arrived in a window after that time and there was none; it is disproven with the
 * first one, also long after the proof.
 */
export class Proof {
  readonly #nextAt = new Map<string, number>();
  readonly #settings: ProofSettings;
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  readonly #record: (incidentId: string, body: IncidentEventBody) => Promise<unknown>;

  constructor(parts: {
    settings: ProofSettings;
    traffic: Traffic;
    clock: Clock;
    record: (incidentId: string, body: IncidentEventBody) => Promise<unknown>;
  }) {
    this.#settings = parts.settings;
    this.#traffic = parts.traffic;
    this.#clock = parts.clock;
    this.#record = parts.record;
  }

  /** One look, when it is time for one. What it writes is judged again the same after a crash. */
  async step(incident: Incident, operation: Operation, issuer: KeyIssuer | undefined, signal: AbortSignal) {
    const now = this.#clock.now();
    const from = (operation.stoppedAt ?? now) + operation.propagationMs;
    if (now < from || now < (this.#nextAt.get(operation.id) ?? 0)) return;
    if (now > from + this.#settings.watchMs) {
      this.#nextAt.delete(operation.id);
      return;
    }
    const proven = operation.state === 'traffic_confirmed';
    this.#nextAt.set(operation.id, now + (proven ? watchEveryMs : askEveryMs));
    // The frontier first: what is stored then is seen by the question after it.
    const frontier = await this.#traffic.frontier();
    const { accepted, firstAt, lastAt } = await this.#traffic.acceptedSince(operation.keyId, from);
    if (accepted > 0) {
      await this.#record(incident.id, {
        kind: 'operation_not_effective',
        operation_id: operation.id,
        accepted,
        first_at: firstAt,
        last_at: lastAt,
        key_state: await stateSaid(issuer, operation, signal),
      });
    } else if (!proven && frontier !== null && frontier >= from + this.#settings.windowMs) {
      await this.#record(incident.id, {
        kind: 'operation_traffic_confirmed',
        operation_id: operation.id,
        judged_from: from,
        judged_until: frontier,
      });
    }
  }
}

/** What the issuer says now; the page must not wait for an issuer that does not answer. */
async function stateSaid(issuer: KeyIssuer | undefined, operation: Operation, signal: AbortSignal) {
  try {
    return (await issuer?.read(operation.keyId, signal))?.state ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
