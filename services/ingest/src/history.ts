import { crc32 } from 'node:zlib';
import type { RequestEvent } from '@tripkey/contract';
import { foldEndpointUse, RequestBlock, type Store } from '@tripkey/store';
import type { DeadLetter } from './dead-letter.ts';
import { readEventTime } from './event-time.ts';
import { insertDeadLetters } from './insert-dead-letters.ts';
import type { BatchRange } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import type { Position } from './position.ts';
import { countStored, settleDeadLetters, settleRequests } from './settle-batch.ts';

export interface HistoryParts {
  readonly store: Store;
  /** Made with an `ageDaysMax` that covers the history when arrivals are not those of the events. */
  readonly pipeline: Pipeline;
  /** Events in the order of their arrival, as objects or as lines of JSON. */
  readonly events: Iterable<HistoryEvent> | AsyncIterable<HistoryEvent>;
  /** Stream that the rows name as theirs. */
  readonly topic: string;
  /** When an event arrived, epoch ms; a time before that of an earlier event is moved up to it. Default: its `ts`. */
  readonly arrivedAt?: (event: RequestEvent) => number;
  /** Rows of an insert. Default 20,000. */
  readonly batchRows?: number;
  /** Whether last uses of endpoints are told of the history too, as the console shows them. Default: yes. */
  readonly foldsUse?: boolean;
  /** Called after each stored batch. */
  readonly onProgress?: (stored: HistoryStored) => void;
  readonly signal?: AbortSignal;
}

export type HistoryEvent = RequestEvent | Uint8Array | string;

export interface HistoryStored {
  readonly rows: number;
  readonly deadLetters: number;
  /** Arrival of the first and of the last element, epoch ms; NaN when there was none. */
  readonly arrivedFrom: number;
  readonly arrivedTo: number;
}

/** Inserts that may be on their way while the next batch is made ready. */
const insertsMax = 2;

/**
 * Loads history through the same pipeline as live events, fast. The same history under the same topic again is
 * counted once; the outcome depends on the input alone. Writes no progress: the detector is told how far to judge
 * by whoever loads history.
 * @throws what the store throws; batches before the failed one are stored.
 */
export async function storeHistory(parts: HistoryParts): Promise<HistoryStored> {
  const { store, pipeline, topic, batchRows = 20_000, signal } = parts;
  const arrivals = new Arrivals(parts.arrivedAt);
  const plain = parts.arrivedAt ? null : pipeline.plainReader(topic);
  const inserts: Promise<void>[] = [];
  let batch = emptyBatch();
  let from = 0n;
  let offset = 0n;
  /** Where the second batch begins. */
  let firstTo = 0n;
  let arrivedSinceMs = 0;
  /**
   * Batches that are not there although they were inserted: a crash of the engine during an earlier load left their
   * tokens without their rows. That can be so of those that were under way then: the first ones, or, of a history that
   * is loaded again, any. They are settled when nothing else writes.
   */
  const broken: { batch: HistoryBatch; range: BatchRange }[] = [];
  let again = false;
  let stored: HistoryStored = { rows: 0, deadLetters: 0, arrivedFrom: Number.NaN, arrivedTo: Number.NaN };

  async function insert(batch: HistoryBatch, range: Omit<BatchRange, 'token'>, arrivedTo: number) {
    const { rows, deadLetters } = batch;
    const { from, to } = range;
    // The digest keeps another history of the same topic from being taken for this one.
    const token = `${topic}:0:${from}-${to}:${digestOf(rows).toString(16)}`;
    const whole = { ...range, token };
    const isFirst = from === 0n;
    if (isFirst) again = (await countStored(store, whole, signal)) > 0;
    await store.insertBlock('requests_raw_v1', rows, token, signal);
    await insertDeadLetters(store, deadLetters, token, signal);
    if (again || isFirst || from === firstTo) {
      const count = await countStored(store, whole, signal);
      if (count < rows.rows) broken.push({ batch, range: whole });
    }
    stored = {
      rows: stored.rows + rows.rows,
      deadLetters: stored.deadLetters + deadLetters.length,
      arrivedFrom: arrivals.first,
      arrivedTo: Math.max(arrivedTo, Number.isNaN(stored.arrivedTo) ? arrivedTo : stored.arrivedTo),
    };
    parts.onProgress?.(stored);
  }

  /** @returns false when the line has to be read with care; then nothing was done */
  function takePlain(line: Uint8Array, position: Position): boolean {
    const ts = plain === null ? Number.NaN : plain.look(line, 0, line.length);
    return !Number.isNaN(ts) && plain!.takeSeen(line, ts, position, arrivals.at(ts), batch.rows);
  }

  async function cut(): Promise<void> {
    if (from === 0n) firstTo = offset;
    const range = { topic, partition: 0, from, to: offset, arrivedSinceMs };
    const inserting = insert(batch, range, arrivals.last);
    inserting.catch(() => {}); // awaited below, in order
    inserts.push(inserting);
    batch = emptyBatch();
    from = offset;
    arrivedSinceMs = arrivals.last;
    if (inserts.length >= insertsMax) await inserts.shift();
  }

  try {
    for await (const event of parts.events) {
      signal?.throwIfAborted();
      const position = { topic, partition: 0, offset: offset++ };
      if (typeof event === 'string' || event instanceof Uint8Array) {
        const line = typeof event === 'string' ? Buffer.from(event) : event;
        if (!takePlain(line, position)) pipeline.takeInto(event, position, arrivals.of, batch);
      } else {
        pipeline.takeElement(event, { position, idx: 0, arrivedAtMs: arrivals.of(event) }, batch);
      }
      if (batch.rows.rows + batch.deadLetters.length >= batchRows) await cut();
    }
    plain?.count();
    if (offset > from) await cut();
    await Promise.all(inserts);
    for (const { batch, range } of broken) {
      await settleRequests(store, range, batch.rows, signal);
      await settleDeadLetters(store, range, batch.deadLetters, signal);
    }
    if (parts.foldsUse !== false && stored.rows > 0) {
      await foldEndpointUse(store, { from: arrivals.first, to: arrivals.last + 1 }, signal);
    }
  } finally {
    await Promise.allSettled(inserts);
  }
  return stored;
}

function digestOf(rows: RequestBlock): number {
  return rows.encode().reduce((digest, piece) => crc32(piece, digest), 0);
}

interface HistoryBatch {
  readonly rows: RequestBlock;
  readonly deadLetters: DeadLetter[];
}

function emptyBatch(): HistoryBatch {
  return { rows: new RequestBlock(), deadLetters: [] };
}

/** Arrival times that never fall. An element that names none arrives with the one before it. */
class Arrivals {
  readonly #arrivedAt: (event: RequestEvent) => number;
  first = Number.NaN;
  last = Number.NaN;

  constructor(arrivedAt: ((event: RequestEvent) => number) | undefined) {
    this.#arrivedAt = arrivedAt ?? ((event) => readEventTime(event.ts));
  }

  /** @param element not checked yet: may be anything */
  readonly of = (element: unknown): number => this.at(this.#named(element));

  /** @param named epoch ms; NaN when the element names no time */
  at(named: number): number {
    if (Number.isFinite(named)) {
      this.last = Number.isNaN(this.last) ? named : Math.max(this.last, named);
      if (Number.isNaN(this.first)) this.first = this.last;
    }
    return Number.isNaN(this.last) ? 0 : this.last;
  }

  #named(element: unknown): number {
    const ts = (element as { ts?: unknown } | null | undefined)?.ts;
    if (typeof ts !== 'string' && typeof ts !== 'number') return Number.NaN;
    return this.#arrivedAt(element as RequestEvent);
  }
}
