import { randomUUID } from 'node:crypto';
import type { Clock } from '@tripkey/service-kit';
import type { IncidentEvent } from '../incident/incident-event.ts';
import {
  type AuditEntry,
  type AuditHead,
  type AuditLine,
  canonicalJson,
  chained,
  noHash,
} from './audit-line.ts';
import type { AuditLog } from './audit-log.ts';

/** What the detector says and what becomes of messages stands in its own tables; the rest is on record. */
export function isAudited({ kind }: Pick<IncidentEvent, 'kind'>): boolean {
  return kind !== 'finding_added' && !kind.startsWith('message_');
}

/** An entry of the incident log as it goes on record. */
export function auditEntryOf(event: IncidentEvent): AuditEntry {
  const { incident_id, seq, at, kind } = event;
  const actor = 'by' in event && event.by ? event.by : 'system';
  return { at, kind, actor, incident_id, incident_seq: seq, data: canonicalJson(event) };
}

/**
 * Writes one chain of the audit log. It begins with the heads of the chains before it, so that a chain that is cut
 * off or taken out is missed. What could not be written is written before anything that follows.
 */
export class AuditTrail {
  readonly #log: AuditLog;
  readonly #clock: Clock;
  #head: AuditHead = { chain: randomUUID(), seq: 0, hash: noHash };
  #queued: AuditEntry[] = [];
  /** Lines of a write whose end is not known; sent again just as they are. */
  #unsent: AuditLine[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: { log: AuditLog; clock: Clock }) {
    this.#log = parts.log;
    this.#clock = parts.clock;
  }

  /** What happened; it is on record once `flush` has resolved. */
  add(entries: readonly AuditEntry[]): void {
    this.#queued.push(...entries);
  }

  /** The same for entries of the incident log; what is not for the record is left out. */
  addEvents(events: readonly IncidentEvent[]): void {
    this.add(events.filter(isAudited).map(auditEntryOf));
  }

  /** Puts on record what was added. @throws when the log does not take it: call it again. */
  flush(): Promise<void> {
    const flushed = this.#last.then(() => this.#flush());
    this.#last = flushed.catch(() => {});
    return flushed;
  }

  /** Records what a crash kept from it: entries of the incident log that are not on record. @returns how many. */
  async recover(events: readonly IncidentEvent[]): Promise<number> {
    const audited = events.filter(isAudited);
    const known = await this.#log.recorded([...new Set(audited.map(({ incident_id }) => incident_id))]);
    const missing = audited.filter(({ incident_id, seq }) => !known.has(`${incident_id}:${seq}`));
    this.addEvents(missing);
    await this.flush();
    return missing.length;
  }

  async #flush(): Promise<void> {
    if (this.#queued.length === 0 && this.#unsent.length === 0) return;
    if (this.#head.seq === 0) this.#chain([await this.#opening()]);
    this.#chain(this.#queued.splice(0));
    await this.#log.append(this.#unsent);
    this.#unsent = [];
  }

  #chain(entries: readonly AuditEntry[]): void {
    for (const entry of entries) {
      const line = chained(entry, this.#head);
      this.#unsent.push(line);
      this.#head = { chain: line.chain, seq: line.seq, hash: line.hash };
    }
  }

  async #opening(): Promise<AuditEntry> {
    const heads = await this.#log.heads();
    return {
      ...{ at: this.#clock.now(), kind: 'chain_opened', actor: 'system', incident_id: '', incident_seq: 0 },
      data: canonicalJson({ heads }),
    };
  }
}
