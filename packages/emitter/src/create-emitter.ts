import { setTimeout as delay } from 'node:timers/promises';
import { completeEvent } from './complete-event.ts';
import type { EmittedEvent, RequestFacts } from './event.ts';
import { EventQueue } from './event-queue.ts';
import { type HttpTransportOptions, httpTransport } from './http-transport.ts';
import { SendLaterError, type Transport } from './transport.ts';

/** Why an event never left: no room, no request in it, refused for good, the emitter was closed or gave up closing. */
export const dropReasons = ['buffer_full', 'invalid', 'refused', 'closed'] as const;
export type DropReason = (typeof dropReasons)[number];

/** Time as the emitter uses it; a test gives one that it can move. */
export interface EmitterClock {
  /** Epoch ms. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export type EmitterOptions = {
  /** The name of this gateway instance; no other may have it. */
  readonly gateway: string;
  /** How long an event may wait for others to leave with, ms. Default 1,000. */
  readonly flushMs?: number;
  /** Events that may wait, besides the batch under way. Default 20,000. */
  readonly eventsMax?: number;
  /** Events that leave together. Default 1,000. */
  readonly batchEventsMax?: number;
  /** Told at once when events are lost, with the error that did it, if any; must be quick. What it throws is counted in `stats().handlerFaults`. */
  readonly onDrop?: (count: number, reason: DropReason, fault?: unknown) => void;
  /** Told when a batch has to be sent again, and why; errors hold no token. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
  readonly clock?: EmitterClock;
} & (HttpTransportOptions | { readonly transport: Transport });

export interface EmitterStats {
  /** Calls of `emit`. */
  readonly emitted: number;
  /** Events that are safely with the other end. */
  readonly sent: number;
  /** Events that wait or are under way. */
  readonly waiting: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Attempts to send that failed. */
  readonly retries: number;
  /** Throws of `onDrop` and `onRetry`. */
  readonly handlerFaults: number;
}

export interface Emitter extends AsyncDisposable {
  /**
   * Takes one request down. Never throws, never waits: a request must not suffer from its own report. Of a function
   * that throws the event is counted as `invalid`; one that returns undefined emits nothing.
   */
  emit(facts: RequestFacts | (() => RequestFacts | undefined)): void;
  stats(): EmitterStats;
  /**
   * Sends what waits without further delay.
   * @returns whether everything emitted before the call has left or was dropped; false after `withinMs` (default 10,000)
   */
  flush(withinMs?: number): Promise<boolean>;
  /** Flushes for up to `withinMs` (default 5,000), then gives up what is left. Later events are dropped, as counted. */
  close(withinMs?: number): Promise<EmitterStats>;
}

const backOffMsMin = 200;
const backOffMsMax = 30_000;

/** The timers of an emitter keep no process alive; `flush` and `close` do while they are waited for. */
const systemClock: EmitterClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { ref: false, signal });
  },
};

/**
 * Makes an emitter that sends over HTTP, or over the transport given.
 * @throws {TypeError} when `url` is no http or https URL, `gateway` is empty or a bound is not a positive integer
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { gateway, flushMs = 1_000, eventsMax = 20_000, batchEventsMax = 1_000 } = options;
  if (gateway === '' || gateway.length > 128) throw new TypeError('gateway is a name of 1 to 128 characters');
  for (const bound of [eventsMax, batchEventsMax]) {
    if (!Number.isInteger(bound) || bound < 1) throw new TypeError('bounds are positive integers');
  }
  const transport = 'transport' in options ? options.transport : httpTransport(options);
  const clock = options.clock ?? systemClock;
  const queue = new EventQueue<EmittedEvent>(eventsMax);
  const dropped: Record<DropReason, number> = { buffer_full: 0, invalid: 0, refused: 0, closed: 0 };
  const givenUp = new AbortController();
  let emitted = 0;
  let sent = 0;
  let underWay: readonly EmittedEvent[] = [];
  let retries = 0;
  let handlerFaults = 0;
  let closed = false;
  let flushing = 0;
  /** Each waits until no event up to its number waits any more. */
  let waiters: { until: number; done: () => void }[] = [];
  let pumping = false;
  let nap = new AbortController();

  function emit(given: RequestFacts | (() => RequestFacts | undefined)): void {
    let facts: RequestFacts | undefined;
    let fault: unknown;
    try {
      facts = typeof given === 'function' ? given() : given;
      if (typeof given === 'function' && facts === undefined) return;
    } catch (error) {
      fault = error;
    }
    // Numbered before it can be lost: every loss is a gap that the other end can see.
    const gateway_seq = ++emitted;
    if (closed) {
      drop(1, 'closed');
      return;
    }
    const event = facts && complete(facts, gateway_seq);
    if (!event) {
      drop(1, 'invalid', fault);
      return;
    }
    if (queue.push(event) > 0) drop(1, 'buffer_full');
    if (!pumping) void pump();
    else if (queue.length >= batchEventsMax) nap.abort();
  }

  function complete(facts: RequestFacts, gateway_seq: number): EmittedEvent | undefined {
    try {
      return completeEvent(facts, { gateway, gateway_seq }, clock.now());
    } catch {
      return undefined; // facts that throw when they are read are no request
    }
  }

  /** Runs while events wait; one batch at a time, in their order. */
  async function pump(): Promise<void> {
    pumping = true;
    try {
      while (queue.length > 0 && !givenUp.signal.aborted) {
        if (queue.length < batchEventsMax && flushing === 0) await doze(flushMs);
        await sendOnce(queue.take(batchEventsMax));
      }
    } finally {
      pumping = false;
    }
  }

  async function sendOnce(batch: readonly EmittedEvent[]): Promise<void> {
    underWay = batch;
    for (let attempt = 1; !givenUp.signal.aborted; attempt++) {
      try {
        const answer = await transport.send(batch, givenUp.signal);
        const refused = Math.min(batch.length, answer?.refused ?? 0);
        sent += batch.length - refused;
        underWay = [];
        if (refused > 0) drop(refused, 'refused');
        settle();
        return;
      } catch (error) {
        if (givenUp.signal.aborted) break;
        retries++;
        tell(() => options.onRetry?.(error, attempt));
        const backOffMs = Math.min(backOffMsMax, backOffMsMin * 2 ** (attempt - 1)) * (1 - Math.random() / 2);
        await sleep(Math.max(backOffMs, error instanceof SendLaterError ? error.afterMs : 0), givenUp.signal);
      }
    }
    underWay = [];
    drop(batch.length, 'closed');
  }

  /** Sleeps until the batch is full or somebody wants it sent. */
  function doze(ms: number): Promise<void> {
    nap = new AbortController();
    return sleep(ms, AbortSignal.any([nap.signal, givenUp.signal]));
  }

  async function sleep(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await clock.sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  function drop(count: number, reason: DropReason, fault?: unknown): void {
    dropped[reason] += count;
    settle();
    tell(() => options.onDrop?.(count, reason, fault));
  }

  function settle(): void {
    for (const waiter of waiters) if (oldestWaiting() > waiter.until) waiter.done();
  }

  /** Running number of the oldest event that has neither left nor was dropped. */
  function oldestWaiting(): number {
    return (underWay[0] ?? queue.oldest)?.gateway_seq ?? Number.POSITIVE_INFINITY;
  }

  function tell(handler: () => void): void {
    try {
      handler();
    } catch {
      handlerFaults++;
    }
  }

  async function flush(withinMs = 10_000): Promise<boolean> {
    if (oldestWaiting() > emitted) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { until: emitted, done: () => resolve(true) };
    waiters.push(waiter);
    const deadline = setTimeout(() => resolve(false), withinMs);
    flushing++;
    nap.abort();
    try {
      return await promise;
    } finally {
      flushing--;
      clearTimeout(deadline);
      waiters = waiters.filter((other) => other !== waiter);
    }
  }

  async function close(withinMs = 5_000): Promise<EmitterStats> {
    closed = true;
    if (!(await flush(withinMs))) {
      givenUp.abort(new Error('the emitter was closed'));
      const left = queue.take(eventsMax).length;
      if (left > 0) drop(left, 'closed');
      await flush(withinMs); // the batch under way ends with the abort
    }
    return stats();
  }

  function stats(): EmitterStats {
    const waiting = queue.length + underWay.length;
    return { emitted, sent, waiting, dropped: { ...dropped }, retries, handlerFaults };
  }

  return { emit, stats, flush, close, [Symbol.asyncDispose]: async () => void (await close()) };
}
