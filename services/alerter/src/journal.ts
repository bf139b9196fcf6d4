import type { Finding } from '@tripkey/contract';
import { type Clock, type Logger, retry } from '@tripkey/service-kit';
import { type Lease, LeaseLostError } from '@tripkey/stream';
import type { AuditTrail } from './audit/audit-trail.ts';
import type { Concern } from './incident/concern.ts';
import type { Incident } from './incident/incident.ts';
import type { IncidentBook } from './incident/incident-book.ts';
import type { IncidentEvent, IncidentEventBody } from './incident/incident-event.ts';
import type { IncidentLog } from './incident-log.ts';

/** A write that waits for its turn. */
interface Waiting {
  readonly make: () => IncidentEvent[];
  readonly resolve: (events: IncidentEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface JournalParts {
  readonly book: IncidentBook;
  readonly log: IncidentLog;
  readonly audit: AuditTrail;
  /** While it is held nobody else writes these incidents. */
  readonly lease: Pick<Lease, 'held'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

/**
 * The incidents of the partitions we hold: the book in memory and the log behind it, one insert at a time. What is
 * written while one is under way goes into the next together: many incidents at once do not wait in line.
 *
 * A write that fails is repeated with the same events and token until it is known to be in the log. Nobody sees a
 * write as done before; so an effect that follows it never happens without its record.
 */
export class Journal {
  readonly #book: IncidentBook;
  readonly #log: IncidentLog;
  readonly #audit: AuditTrail;
  readonly #lease: Pick<Lease, 'held'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stop: AbortSignal;
  #waiting: Waiting[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(parts: JournalParts) {
    this.#book = parts.book;
    this.#log = parts.log;
    this.#audit = parts.audit;
    this.#lease = parts.lease;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#stop = parts.stop;
  }

  get(incidentId: string): Incident | undefined {
    return this.#book.get(incidentId);
  }

  incidents(): Incident[] {
    return [...this.#book.incidents()];
  }

  /** Takes findings in; resolves when what they change is in the log. */
  take(findings: readonly Finding[], partition: number | null): Promise<IncidentEvent[]> {
    return this.#write(() => findings.flatMap((one) => this.#book.take(one, this.#clock.now(), partition)));
  }

  /** Adds a finding about what was merged into one of these incidents, unless they have it already; see the book. */
  join(incidentId: string, finding: Finding): Promise<IncidentEvent[]> {
    return this.#write(() => this.#book.join(incidentId, finding, this.#clock.now()));
  }

  /** The incident of another alerter into which that of a concern was merged; null when there is none. */
  mergedElsewhere(concern: Concern): string | null {
    return this.#book.mergedElsewhere(concern);
  }

  /** Another open incident about the same. */
  openBeside(incident: Incident): Incident | null {
    const open = this.#book.openOf(incident);
    return open && open.id !== incident.id ? open : null;
  }

  /** Resolves what has been quiet long enough. */
  closeDue(): Promise<IncidentEvent[]> {
    return this.#write(() => this.#book.closeDue(this.#clock.now()));
  }

  /** Adds what was done about an incident, all or nothing; resolves when it is in the log. */
  record(incidentId: string, ...bodies: IncidentEventBody[]): Promise<IncidentEvent[]> {
    return this.#write(() => bodies.map((body) => this.#book.record(incidentId, body, this.#clock.now())));
  }

  /**
   * Adds what follows from the incident as it stands when its turn has come; [] when nothing does. What was decided on
   * an older view of it, or by two people at once, is decided here.
   */
  decide(incidentId: string, decide: (incident: Incident) => readonly IncidentEventBody[]) {
    return this.#write(() => {
      const incident = this.#book.get(incidentId);
      const bodies = incident ? decide(incident) : [];
      return bodies.map((body) => this.#book.record(incidentId, body, this.#clock.now()));
    });
  }

  /** Resolves when nothing is being written; call it when no more will be, with `stop` aborted. Never rejects. */
  async settled(): Promise<void> {
    await this.#last.catch(() => {});
  }

  /**
   * @throws {LeaseLostError} when the incidents are somebody else's now, or the reason of `stop`, before the events
   * were surely in the log.
   */
  #write(make: () => IncidentEvent[]): Promise<IncidentEvent[]> {
    const { promise, ...ends } = Promise.withResolvers<IncidentEvent[]>();
    promise.catch(() => {});
    this.#waiting.push({ make, ...ends });
    // A write that could not be finished ends this journal: what it left in the book is not in the log.
    this.#last = this.#last.then(
      () => this.#writeWaiting(),
      (error) => this.#rejectWaiting(this.#waiting.splice(0), error),
    );
    this.#last.catch(() => {});
    return promise;
  }

  /** Makes in order what waits; each sees what those before it made, and all of it is in the log or none. */
  async #writeWaiting(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    try {
      this.#stop.throwIfAborted();
      const made = waiting.map(({ make }) => make());
      const events = made.flat();
      if (events.length > 0) {
        await this.#retried(() => this.#append(events));
        this.#audit.addEvents(events);
        await this.#retried(() => this.#audit.flush());
      }
      for (const [index, { resolve }] of waiting.entries()) resolve(made[index]!);
    } catch (error) {
      this.#rejectWaiting(waiting, error);
    }
  }

  #rejectWaiting(waiting: readonly Waiting[], error: unknown): never {
    for (const { reject } of waiting) reject(error);
    throw error;
  }

  #retried(write: () => Promise<void>): Promise<void> {
    return retry(write, {
      clock: this.#clock,
      signal: this.#stop,
      worthRetry: (error) => !(error instanceof LeaseLostError),
      onRetry: (err, attempt, waitMs) =>
        this.#logger.warn({ err, attempt, waitMs }, 'incident log does not take our events, trying again'),
    });
  }

  async #append(events: readonly IncidentEvent[]): Promise<void> {
    if (!this.#lease.held) throw new LeaseLostError('the incidents belong to another alerter now');
    await this.#log.append(events);
  }
}
