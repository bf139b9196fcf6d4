import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, retry } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { StoreUnavailableError } from '../group-commit.ts';
import { insertDeadLetters } from '../insert-dead-letters.ts';
import type { TakenHeartbeats } from './heartbeat-reader.ts';

export interface HeartbeatCommitParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long the first of a group waits for others, ms. */
  readonly lingerMs: number;
  /** How long a failing insert is tried again before the senders are told, ms. */
  readonly retryMsMax: number;
}

interface Group {
  readonly taken: TakenHeartbeats[];
  readonly stored: Promise<void>;
}

/**
 * Stores what gateways post at about the same time in one insert, and tells each when it is stored. ClickHouse likes few
 * inserts, and heartbeats are in no hurry.
 */
export class HeartbeatCommit {
  readonly #parts: HeartbeatCommitParts;
  readonly #inserting = new Set<Promise<void>>();
  #open: Group | null = null;
  #pending = 0;

  constructor(parts: HeartbeatCommitParts) {
    this.#parts = parts;
  }

  /** Heartbeats that are not stored yet. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Resolves when everything that was submitted is stored.
   * @throws {StoreUnavailableError} when the store did not take it in time; it may have
   */
  async submit(taken: TakenHeartbeats): Promise<void> {
    const count = taken.rows.length + taken.deadLetters.length;
    this.#pending += count;
    this.#open ??= this.#begin();
    this.#open.taken.push(taken);
    try {
      await this.#open.stored;
    } finally {
      this.#pending -= count;
    }
  }

  /** Resolves when nothing is pending. */
  async drained(): Promise<void> {
    while (this.#inserting.size > 0) await Promise.allSettled([...this.#inserting]);
  }

  #begin(): Group {
    const taken: TakenHeartbeats[] = [];
    const stored = this.#storeLater(taken);
    this.#inserting.add(stored);
    // Each sender is told by its own promise.
    stored.catch(() => {}).finally(() => this.#inserting.delete(stored));
    return { taken, stored };
  }

  async #storeLater(taken: readonly TakenHeartbeats[]): Promise<void> {
    const { store, clock, log, lingerMs, retryMsMax } = this.#parts;
    await clock.sleep(lingerMs);
    this.#open = null;
    const startedAt = clock.now();
    const rows = taken.flatMap((one) => one.rows);
    const deadLetters = taken.flatMap((one) => one.deadLetters);
    const name = `heartbeats:${randomUUID()}`;
    try {
      await retry(
        async (attempt) => {
          // Twice does no harm; the token of an insert that a crash cut off would keep its rows out.
          await store.insert('gateway_heartbeats_v1', rows, `${name}:${attempt}`);
          await insertDeadLetters(store, deadLetters, name);
        },
        {
          clock,
          waitMsMax: 1_000,
          worthRetry: () => clock.now() - startedAt < retryMsMax,
          onRetry: (err, attempt) =>
            log.warn({ err, attempt }, 'heartbeats could not be stored, trying again'),
        },
      );
    } catch (cause) {
      log.error({ err: cause, rows: rows.length }, 'heartbeats could not be stored, senders are told');
      throw new StoreUnavailableError('the store did not take the heartbeats in time', { cause });
    }
  }
}
