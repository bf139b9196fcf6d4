import type { LiveIncident, LivePipeline } from '@tripkey/contract/api';
import type { Clock, Logger } from '@tripkey/service-kit';
import { repeat } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { liveEvents } from '@tripkey/store/reading';
import type { Response } from 'express';
import type { Caller } from '../access/caller.ts';
import { readProgress } from '../answers/pipeline-answers.ts';
import { iso } from '../answers/times.ts';
import { ApiProblem } from '../http/api-problem.ts';

const lookEveryMs = 1_000;
const pipelineEveryMs = 10_000;
/** Entries are dated before they are stored, by other processes with clocks of their own. */
const overlapMs = 10_000;
const rowsMin = 1_000;
const missedMax = 1_000;
const connectionsMax = 500;
/** After this long a connection is ended; the browser comes back, and is asked who it is. */
const connectionMsMax = 15 * 60_000;

/** Tells everybody who listens what happens to incidents. One look at the store a second serves them all. */
export class LiveFeed {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listeners = new Set<Response>();
  #told = new Set<string>();
  #since = 0;
  #rows = rowsMin;
  #pipelineAt = 0;

  constructor(parts: { store: Store; clock: Clock; log: Logger }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /**
   * Streams to one listener until it goes, or for a quarter of an hour.
   * @param after `Last-Event-ID`: what happened since is told first
   */
  async listen(response: Response, caller: Caller, after: string | undefined): Promise<void> {
    if (this.#listeners.size >= connectionsMax)
      throw new ApiProblem(
        429,
        'api.rate_limited',
        'Too many connections',
        'too many people watch live already',
        {
          headers: { 'Retry-After': '60' },
        },
      );
    // Somebody may have gone while it was found out who they are; they would never be let go.
    if (response.destroyed) return;
    response
      .status(200)
      .set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.flushHeaders();
    response.write('retry: 3000\n\n');
    if (this.#listeners.size === 0) {
      this.#since = this.#clock.now();
      this.#told = new Set();
    }
    this.#listeners.add(response);
    const untilMs = Math.min(
      connectionMsMax,
      (caller.expiresAt ?? Number.POSITIVE_INFINITY) - this.#clock.now(),
    );
    const end = setTimeout(() => this.#letGo(response), Math.max(0, untilMs));
    response.once('close', () => {
      clearTimeout(end);
      this.#listeners.delete(response);
    });
    // Only now, so that nothing falls between what was missed and what is told from here on.
    if (after !== undefined) await this.#tellMissed(response, Number(after));
  }

  async #tellMissed(response: Response, since: number): Promise<void> {
    if (!Number.isSafeInteger(since)) return;
    try {
      const hourAgo = this.#clock.now() - 3_600_000;
      const missed = await this.#store.ask(liveEvents, { since: Math.max(since, hourAgo), rows: missedMax });
      if (this.#listeners.has(response)) for (const row of missed) response.write(toMessage(row));
    } catch (err) {
      this.#log.warn({ err }, 'what somebody missed could not be read; they come back for it');
      this.#letGo(response);
    }
  }

  /** Looks and tells, until `stop` aborts; ends all connections then. */
  async run(stop: AbortSignal): Promise<void> {
    const letAllGo = () => {
      for (const listener of this.#listeners) this.#letGo(listener);
    };
    stop.addEventListener('abort', letAllGo, { once: true });
    await repeat(lookEveryMs, () => this.#look(), this.#clock, stop);
  }

  async #look(): Promise<void> {
    if (this.#listeners.size === 0) return;
    try {
      const rows = await this.#store.ask(liveEvents, {
        ...{ since: this.#since - overlapMs, rows: this.#rows },
      });
      // Room for as many again: an answer that is full could hold nothing but what was told before.
      this.#rows = Math.max(rowsMin, 2 * rows.length);
      const names = new Set(rows.map(nameOf));
      for (const row of rows) if (!this.#told.has(nameOf(row))) this.#tell(toMessage(row));
      this.#told = names;
      this.#since = Math.max(this.#since, rows.at(-1)?.at ?? 0);
      if (this.#clock.now() >= this.#pipelineAt + pipelineEveryMs) await this.#tellPipeline();
    } catch (err) {
      this.#log.warn({ err }, 'the live view cannot look, trying again');
    }
  }

  async #tellPipeline(): Promise<void> {
    this.#pipelineAt = this.#clock.now();
    const { stored_until, behind_seconds } = await readProgress(this.#store, this.#pipelineAt);
    const data: LivePipeline = { at: iso(this.#pipelineAt), stored_until, behind_seconds };
    this.#tell(`event: pipeline\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends a connection. Nothing is written to it after: that would be an error that nobody hears. */
  #letGo(response: Response): void {
    this.#listeners.delete(response);
    if (response.writableLength > 0) response.destroy();
    else response.end();
  }

  /** Who does not read fast enough is let go, and comes back where they were. */
  #tell(message: string): void {
    for (const listener of this.#listeners) {
      if (listener.writableLength > 1_000_000) this.#letGo(listener);
      else listener.write(message);
    }
  }
}

type Row = { incident_id: string; seq: number; at: number; kind: string; lineage_id: string };

const nameOf = ({ incident_id, seq }: Row) => `${incident_id}:${seq}`;

function toMessage({ incident_id, seq, at, kind, lineage_id }: Row): string {
  const data: LiveIncident = { incident_id, seq, at: iso(at), kind, lineage_id: lineage_id || null };
  return `id: ${at}\nevent: incident\ndata: ${JSON.stringify(data)}\n\n`;
}
