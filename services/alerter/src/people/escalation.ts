import type { Severity } from '@tripkey/contract';
import type { Clock } from '@tripkey/service-kit';
import * as z from 'zod';
import { messageIdOf } from '../alert/message-id.ts';
import { durationText } from '../alert/wording.ts';
import type { Incident } from '../incident/incident.ts';
import type { IncidentEventBody } from '../incident/incident-event.ts';
import type { Journal } from '../journal.ts';
import { type Silence, silenceOf } from './silence.ts';

const afterMs = (byDefault: number) =>
  z.coerce.number().int().nonnegative().default(byDefault).describe('0: never');

/** After how long people are told again, in the channel, that nobody has acknowledged an incident. */
export const EscalationSettings = z.strictObject({
  criticalAfterMs: afterMs(15 * 60_000),
  highAfterMs: afterMs(60 * 60_000),
});
export type EscalationSettings = z.infer<typeof EscalationSettings>;

/** Says once more what waits for people: incidents that nobody acknowledged, and those whose snooze is over. */
export class Escalation {
  readonly #journal: Journal;
  readonly #settings: EscalationSettings;
  readonly #silences: () => readonly Silence[];
  readonly #clock: Clock;

  constructor(parts: {
    journal: Journal;
    settings: EscalationSettings;
    /** What people do not want to be told of now. */
    silences: () => readonly Silence[];
    clock: Clock;
  }) {
    this.#journal = parts.journal;
    this.#settings = parts.settings;
    this.#silences = parts.silences;
    this.#clock = parts.clock;
  }

  /** What is due of all incidents. Decided again when its turn has come: a person may have been faster. */
  async step(signal: AbortSignal): Promise<void> {
    const silences = this.#silences();
    const due = (incident: Incident) => dueOf(incident, this.#settings, silences, this.#clock.now());
    for (const incident of this.#journal.incidents()) {
      if (signal.aborted) return;
      if (due(incident).length > 0) await this.#journal.decide(incident.id, due);
    }
  }
}

function dueOf(
  incident: Incident,
  settings: EscalationSettings,
  silences: readonly Silence[],
  nowMs: number,
): readonly IncidentEventBody[] {
  if (incident.state !== 'open') return [];
  if (incident.snoozed) return nowMs >= incident.snoozed.until ? [{ kind: 'snooze_ended' }] : [];
  if (incident.acknowledged || incident.escalatedAt !== null) return [];
  const waitMs = waitOf(incident.severity, settings);
  if (waitMs === 0 || nowMs < incident.openedAt + waitMs) return [];
  // What a silence hides, nobody can acknowledge: what it hid waits from when people were told after all.
  const told = incident.deliveries.get(messageIdOf(incident.id));
  const wasHidden = incident.silencedBy !== null && incident.digest === null;
  if (wasHidden && (!told || nowMs < told.firstAttemptAt + waitMs)) return [];
  if (silenceOf(incident, silences, nowMs)) return [];
  const reason = `nobody has acknowledged it for ${durationText(waitMs)}.`;
  return [{ kind: 'escalated', reason }];
}

function waitOf(severity: Severity, { criticalAfterMs, highAfterMs }: EscalationSettings): number {
  if (severity === 'critical') return criticalAfterMs;
  return severity === 'high' ? highAfterMs : 0;
}
