import { beatRegularly, type Heart, type HeartbeatStats } from './beat-regularly.ts';
import { completeEvent } from './complete-event.ts';
import { type EmitterClock, sleepUntil, systemClock } from './emitter-clock.ts';
import type { EmittedEvent, RequestFacts } from './event.ts';
import { EventQueue } from './event-queue.ts';
import type { Heartbeat } from './heartbeat.ts';
import { type HttpTransportOptions, httpTransport } from './http-transport.ts';
import { SendLaterError, type Transport } from './transport.ts';

/** Why an event never left: no room, no request in it, refused for good, the emitter was closed or gave up closing. */
export const dropReasons = ['buffer_full', 'invalid', 'refused', 'closed'] as const;
export type DropReason = (typeof dropReasons)[number];

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
  /**
   * How often the emitter says that it lives and what it counted, ms, from 1,000 to a day; 0: never. Default 30,000. Needs a
   * transport with `heartbeat`, as HTTP has.
   */
  readonly heartbeatMs?: number;
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
  readonly heartbeats: HeartbeatStats;
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
  /**
   * Flushes, then gives up what is left and sends the last heartbeat, for up to `withinMs` (default 5,000) together. Later
   * events are dropped, as counted.
   */
  close(withinMs?: number): Promise<EmitterStats>;
}

const backOffMsMin = 200;
const backOffMsMax = 30_000;
const heartbeatMsMin = 1_000;
const heartbeatMsMax = 86_400_000;
/** What a flush of a closing emitter leaves to the last heartbeat, ms, unless that is more than a fifth of the time. */
const lastBeatMs = 1_000;

/**
 * Makes an emitter that sends over HTTP, or over the transport given.
 * @throws {TypeError} when `url` is no http or https URL, `gateway` is empty or too long, a bound is not a positive
 *   integer or `heartbeatMs` is out of range
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { gateway, flushMs = 1_000, eventsMax = 20_000, batchEventsMax = 1_000 } = options;
  const { heartbeatMs = 30_000 } = options;
  if (gateway === '' || gateway.length > 128) throw new TypeError('gateway is a name of 1 to 128 characters');
  for (const bound of [eventsMax, batchEventsMax]) {
    if (!Number.isInteger(bound) || bound < 1) throw new TypeError('bounds are positive integers');
  }
  if (heartbeatMs !== 0 && !(heartbeatMs >= heartbeatMsMin && heartbeatMs <= heartbeatMsMax)) {
    throw new TypeError(`heartbeatMs is 0, or from ${heartbeatMsMin} to ${heartbeatMsMax}`);
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
        const waitMs = Math.max(backOffMs, error instanceof SendLaterError ? error.afterMs : 0);
        await sleepUntil(clock, waitMs, givenUp.signal);
      }
    }
    underWay = [];
    drop(batch.length, 'closed');
  }

  /** Sleeps until the batch is full or somebody wants it sent. */
  function doze(ms: number): Promise<void> {
    nap = new AbortController();
    return sleepUntil(clock, ms, AbortSignal.any([nap.signal, givenUp.signal]));
  }

  function drop(count: number, reason: DropReason, fault?: unknown): void {
    dropped[reason] += count;
    heart?.hurry();
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
    const startedAt = performance.now();
    const beatMsMin = heart ? Math.min(lastBeatMs, withinMs / 5) : 0;
    closed = true;
    if (!(await flush(withinMs - beatMsMin))) {
      givenUp.abort(new Error('the emitter was closed'));
      const left = queue.take(eventsMax).length;
      if (left > 0) drop(left, 'closed');
      await flush(withinMs); // the batch under way ends with the abort
    }
    await heart?.end(Math.max(beatMsMin, withinMs - (performance.now() - startedAt)));
    return stats();
  }

  function counts() {
    return { emitted, sent, waiting: queue.length + underWay.length, retries, dropped: { ...dropped } };
  }

  function stats(): EmitterStats {
    return { ...counts(), handlerFaults, heartbeats: heart?.stats ?? { sent: 0, failed: 0 } };
  }

  function startHeart(): Heart | null {
    if (heartbeatMs === 0 || !transport.heartbeat) return null;
    const send = async (beat: Heartbeat, signal: AbortSignal) => transport.heartbeat?.(beat, signal);
    return beatRegularly({ gateway, everyMs: heartbeatMs, clock, counts, send });
  }
  const heart = startHeart();

  return { emit, stats, flush, close, [Symbol.asyncDispose]: async () => void (await close()) };
}
