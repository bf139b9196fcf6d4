import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, retry } from '@tripkey/service-kit';
import { RequestBlock, type RequestRow, runningInserts, type Store } from '@tripkey/store';
import type { DeadLetter } from './dead-letter.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { insertDeadLetters } from './insert-dead-letters.ts';
import type { BatchRange } from './intake.ts';
import { resolveRepeats } from './repeats/resolve-repeats.ts';
import { settleDeadLetters, settleRequests } from './settle-batch.ts';
import { WriterLock } from './writer-lock.ts';

export interface GroupCommitParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counts: HttpMetrics;
  /** How long the first of a group waits for others, ms. */
  readonly lingerMs: number;
  /** Rows at which a group does not wait any longer. */
  readonly rowsMax: number;
  /** How long a failing insert is tried again before the senders are told, ms. */
  readonly retryMsMax: number;
  /** Inserts on their way at once. */
  readonly insertsMax: number;
}

/** What one sender gave. */
export interface Submission {
  /** Offset of the request in its stream. */
  readonly offset: bigint;
  readonly rows: readonly RequestRow[];
  readonly deadLetters: readonly DeadLetter[];
  /** Rows of it came before: what became of those is to be known before it is stored. */
  readonly isCopied: boolean;
  readonly arrivedAtMs: number;
}

interface Group {
  readonly block: RequestBlock;
  readonly deadLetters: DeadLetter[];
  /** First and last offset, and arrival of the first. */
  readonly from: bigint;
  to: bigint;
  readonly arrivedAtMs: number;
  isCopied: boolean;
  /** Of all its rows it is known whether they are repeats: another attempt must not send others. */
  decided: boolean;
  readonly done: PromiseWithResolvers<void>;
  elements: number;
}

/** The store did not take an insert in time. It may still have happened: the same events may be sent again. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'ingest.store_unavailable';
}

/**
 * Puts what many senders give at the same time into one insert, and tells each when it is stored. ClickHouse likes
 * few large inserts; senders like an early answer.
 */
export class GroupCommit {
  readonly #stream: { readonly topic: string; readonly partition: number };
  readonly #parts: GroupCommitParts;
  /** A failed insert is settled alone: a rollup cannot be compared while others write to it. */
  readonly #lock = new WriterLock();
  /** In the order of their arrival. */
  readonly #inserting = new Set<Group>();
  /** Begins the tokens of this process: another that takes itself for the same stream has other rows at its offsets. */
  readonly #token: string;
  /** A group was given up: its insert may still land. */
  #mayLand = false;
  #open: Group | null = null;
  #ripe: Group[] = [];
  #pending = 0;

  /** @param stream whose offsets the submissions name; this is its only writer */
  constructor(stream: { topic: string; partition: number }, parts: GroupCommitParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#token = `${stream.topic}:${stream.partition}:${randomUUID()}:`;
  }

  /** Elements that are not stored yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Arrival of the earliest one that is not stored, epoch ms. */
  get unstoredSinceMs(): number | undefined {
    const groups = [...this.#inserting, ...this.#ripe, ...(this.#open ? [this.#open] : [])];
    const first = groups.map((group) => group.arrivedAtMs);
    return first.length === 0 ? undefined : Math.min(...first);
  }

  /**
   * Resolves when everything that was submitted is stored.
   * @throws {StoreUnavailableError} when the store did not take it in time
   */
  submit(submission: Submission): Promise<void> {
    const elements = submission.rows.length + submission.deadLetters.length;
    const group = this.#open ?? this.#start(submission);
    for (const row of submission.rows) group.block.push(row);
    group.deadLetters.push(...submission.deadLetters);
    group.to = submission.offset;
    group.isCopied ||= submission.isCopied;
    group.elements += elements;
    this.#count(elements);
    if (group.elements >= this.#parts.rowsMax) this.#ripen(group);
    return group.done.promise;
  }

  /** Resolves when nothing is pending. */
  async drained(): Promise<void> {
    if (this.#open) this.#ripen(this.#open);
    while (this.#inserting.size > 0) {
      await Promise.allSettled([...this.#inserting].map((group) => group.done.promise));
    }
  }

  #start({ offset, arrivedAtMs }: Submission): Group {
    const group: Group = {
      block: new RequestBlock(),
      deadLetters: [],
      from: offset,
      to: offset,
      arrivedAtMs,
      isCopied: false,
      decided: false,
      done: Promise.withResolvers(),
      elements: 0,
    };
    group.done.promise.catch(() => {}); // each sender is told by its own promise
    this.#open = group;
    this.#parts.clock.sleep(this.#parts.lingerMs).then(
      () => this.#ripen(group),
      () => this.#ripen(group),
    );
    return group;
  }

  #ripen(group: Group): void {
    if (this.#open !== group) return;
    this.#open = null;
    this.#ripe.push(group);
    this.#insertNext();
  }

  #insertNext(): void {
    while (this.#inserting.size < this.#parts.insertsMax) {
      const group = this.#ripe.shift();
      if (!group) return;
      this.#inserting.add(group);
      void this.#insert(group);
    }
  }

  async #insert(group: Group): Promise<void> {
    const { clock, log, counts, retryMsMax } = this.#parts;
    const startedAt = clock.now();
    try {
      await retry((attempt) => this.#store(group, attempt), {
        clock,
        waitMsMax: 1_000,
        worthRetry: () => clock.now() - startedAt < retryMsMax,
        onRetry: (error, attempt) =>
          log.warn({ err: error, attempt }, 'events could not be stored, trying again'),
      });
      counts.insertSeconds.observe((clock.now() - startedAt) / 1_000);
      group.done.resolve();
    } catch (cause) {
      log.error({ err: cause, elements: group.elements }, 'events could not be stored, senders are told');
      this.#mayLand = true;
      group.done.reject(new StoreUnavailableError('the store did not take the events in time', { cause }));
    } finally {
      this.#inserting.delete(group);
      this.#count(-group.elements);
      this.#insertNext();
    }
  }

  /** The first attempt is an insert; another one compares what is there, since a crash may have cut the first off. */
  async #store(group: Group, attempt: number): Promise<void> {
    const { block, deadLetters, from, to, arrivedAtMs } = group;
    const { store } = this.#parts;
    const range: BatchRange = {
      ...this.#stream,
      from,
      to: to + 1n,
      arrivedSinceMs: arrivedAtMs,
      token: `${this.#token}${from}-${to}`,
    };
    if (!group.decided) {
      if (group.isCopied) await this.#settleEarlier(group);
      await resolveRepeats(store, block);
    }
    group.decided = true;
    if (attempt === 1) {
      await this.#lock.beside(() => store.insertBlock('requests_raw_v1', block, range.token));
      await insertDeadLetters(store, deadLetters, range.token);
    } else {
      await this.#lock.alone(() => settleRequests(store, range, block));
      await settleDeadLetters(store, range, deadLetters);
    }
  }

  /**
   * Waits until the store can say what became of the copies that came before a group.
   * @throws while an insert that was given up still runs
   */
  async #settleEarlier(group: Group): Promise<void> {
    const all = [...this.#inserting];
    const earlier = all.slice(0, all.indexOf(group));
    await Promise.allSettled(earlier.map(({ done }) => done.promise));
    if (!this.#mayLand) return;
    this.#mayLand = false;
    try {
      const under = [...this.#inserting].map(({ from, to }) => `${this.#token}${from}-${to}`);
      const [answer] = await this.#parts.store.ask(runningInserts, { token: this.#token, but: under });
      if (answer && answer.running > 0) throw new Error('an insert that was given up still runs');
    } catch (error) {
      this.#mayLand = true;
      throw error;
    }
  }

  #count(change: number): void {
    this.#pending += change;
    this.#parts.counts.pendingRows.set(this.#pending);
  }
}
