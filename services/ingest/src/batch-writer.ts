import { type Clock, type Logger, retry } from '@tripkey/service-kit';
import { isSameRun, readEngineRun, type Store } from '@tripkey/store';
import { type Lease, LeaseLostError, type Sink } from '@tripkey/stream';
import type { ConsumeMetrics } from './consume-metrics.ts';
import { deadLetterKey } from './dead-letter.ts';
import { insertDeadLetters } from './insert-dead-letters.ts';
import type { BatchRange, Intake, Rows } from './intake.ts';
import { type Intent, writeIntent } from './intent.ts';
import type { Batch } from './partition-buffer.ts';
import { settleDeadLetters } from './settle-batch.ts';

export interface BatchWriterParts<R extends Rows> {
  readonly intake: Intake<R>;
  readonly deadLetters: Sink;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counts: ConsumeMetrics;
  /** A lease that the broker has not confirmed for so long, ms, may have passed to somebody else. */
  readonly unconfirmedMsMax: number;
}

/** What is known about a batch before it is stored. */
export interface BatchHistory {
  /** The intent under which it is stored. */
  readonly intent: Intent;
  /** An earlier owner may have sent it under that intent. */
  readonly tried: boolean;
  /** Rows of it may be stored from other batches, with other tokens: the group's offsets were set back. */
  readonly replayed: boolean;
}

/** Does what has to be done for a batch, each effect until it succeeds, for as long as the lease lasts. */
export class BatchWriter<R extends Rows> {
  readonly #lease: Lease;
  readonly #parts: BatchWriterParts<R>;
  readonly #signal: AbortSignal;
  /** The engine's run that was seen last. */
  run = '';

  constructor(lease: Lease, parts: BatchWriterParts<R>, signal: AbortSignal) {
    this.#lease = lease;
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Commits an offset, with the intent for the batch that begins there. */
  async commit(partition: number, offset: bigint, intent: Intent | null): Promise<void> {
    await this.persist('commit', `${this.#lease.topic}/${partition}@${offset}`, () =>
      this.#lease.commit(partition, offset, writeIntent(intent)),
    );
  }

  /**
   * Stores a batch whose intent is committed. The effects, in order; after a crash between two of them the next owner
   * forms the same batch again and does all of them again:
   *   1. insert the rows, 2. insert the dead letters: an equal token makes an equal batch count once, and where that
   *      cannot be relied on, what is stored is compared with the batch;
   *   3. send the dead letters to their topic: a repeated one has the same key.
   */
  async store(partition: number, batch: Batch<R>, history: BatchHistory): Promise<void> {
    const { intake, store, deadLetters: sink } = this.#parts;
    const { rows, deadLetters, from, to, firstTimestamp } = batch;
    const signal = this.#signal;
    const range: BatchRange = {
      topic: this.#lease.topic,
      partition,
      from,
      to,
      arrivedSinceMs: history.replayed ? 0 : batch.arrivedAtMs,
      token: `${this.#lease.topic}:${partition}:${from}-${to}:${firstTimestamp}`,
    };
    await this.#insertOnce('insert rows', range, history, {
      insert: (token) => intake.insert(rows, token, signal),
      ...(intake.settle && { settle: () => intake.settle!(range, rows, signal) }),
    });
    if (deadLetters.length === 0) return;
    await this.#insertOnce('insert dead letters', range, history, {
      insert: (token) => insertDeadLetters(store, deadLetters, token, signal),
      settle: () => settleDeadLetters(store, range, deadLetters, signal),
    });
    const messages = deadLetters.map((letter) => ({
      key: deadLetterKey(letter),
      value: JSON.stringify(letter),
    }));
    await this.persist('send dead letters', range.token, () => sink.send(messages));
  }

  /**
   * The first attempt of a batch that nobody has tried is an insert with the batch's token. Any other attempt may meet
   * rows of an earlier one. While the engine has run without a break since the intent the token settles that; else
   * what is stored is compared with the batch.
   */
  async #insertOnce(
    effect: string,
    range: BatchRange,
    { intent, tried, replayed }: BatchHistory,
    ways: { insert(token: string): Promise<void>; settle?(): Promise<void> },
  ): Promise<void> {
    const { clock, counts, log } = this.#parts;
    let first = !tried && !replayed;
    await this.persist(effect, range.token, async (attempt) => {
      this.#requireConfirmed();
      const startedAt = clock.now();
      if (first) {
        first = false;
        await ways.insert(range.token);
      } else if (!ways.settle) {
        // Twice does no harm here; the token of an insert that a crash cut off would keep its rows out for ever.
        await ways.insert(`${range.token}:${attempt}`);
      } else {
        const run = await this.readRun();
        const tokenHolds = !replayed && isSameRun(run, intent.run);
        if (tokenHolds) {
          await ways.insert(range.token);
        } else {
          log.warn({ batch: range.token, replayed }, `${effect}: comparing what is stored with the batch`);
          await ways.settle();
          counts.settled.inc();
        }
        // Seen again: between question and insert the engine may have crashed and come back.
        if (!isSameRun(await this.readRun(), run)) throw new Error('the engine has restarted meanwhile');
      }
      counts.insertSeconds.observe((clock.now() - startedAt) / 1_000);
    });
  }

  /** Asks the engine which run it is in. */
  async readRun(): Promise<string> {
    this.run = await readEngineRun(this.#parts.store);
    return this.run;
  }

  /** A process that was suspended finds its lease held although others have the partitions by now. */
  #requireConfirmed(): void {
    const silentMs = this.#parts.clock.now() - this.#lease.confirmedAt;
    if (silentMs > this.#parts.unconfirmedMsMax)
      throw new Error(`the broker has not confirmed the lease for ${silentMs} ms`);
  }

  /** Repeats one effect for ever: nothing may be lost, and reading is paused meanwhile. */
  async persist<T>(effect: string, what: string, step: (attempt: number) => Promise<T>): Promise<T> {
    const { clock, log, counts } = this.#parts;
    return await retry(step, {
      clock,
      signal: this.#signal,
      waitMsMax: 5_000,
      worthRetry: (error) => !(error instanceof LeaseLostError),
      onRetry: (error, attempt, waitMs) => {
        counts.retries.inc();
        const level = attempt < 5 ? 'warn' : 'error';
        log[level]({ err: error, what, attempt, waitMs }, `could not ${effect}, trying again`);
      },
    });
  }
}
