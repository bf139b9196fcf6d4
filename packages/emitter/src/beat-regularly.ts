import { type EmitterClock, sleepUntil } from './emitter-clock.ts';
import { emitterName, type Heartbeat, type HeartbeatCounts } from './heartbeat.ts';
import { SendLaterError } from './transport.ts';

export interface HeartbeatStats {
  /** Heartbeats that were taken. */
  readonly sent: number;
  /** Heartbeats that were not; the next one says what they said. */
  readonly failed: number;
  /** Why the last one failed; absent when it was taken. */
  readonly fault?: string;
}

export interface HeartParts {
  readonly gateway: string;
  /** How often a heartbeat leaves, ms. */
  readonly everyMs: number;
  readonly clock: EmitterClock;
  readonly counts: () => HeartbeatCounts;
  /** Resolves when the heartbeat is safely with somebody else. */
  readonly send: (beat: Heartbeat, signal: AbortSignal) => Promise<void>;
}

/** The heartbeats of one emitter. Whatever becomes of them, its events do not notice. */
export interface Heart {
  readonly stats: HeartbeatStats;
  /** There is something to tell: the next heartbeat leaves soon. */
  hurry(): void;
  /** Sends the last one, which may take up to `withinMs`, and ends. */
  end(withinMs: number): Promise<void>;
}

/** From a loss to the heartbeat that tells of it, ms: others that follow are told with it. No two are closer together. */
const soonMs = 5_000;
/** For one heartbeat, ms. */
const attemptMsMax = 15_000;

/**
 * Sends a heartbeat soon, then one every `everyMs`, and one soon after `hurry`. One that fails is not repeated: the next says
 * the same and more. Whoever takes them may ask for a longer rest, as one does that does not know heartbeats yet.
 */
export function beatRegularly({ gateway, everyMs, clock, counts, send }: HeartParts): Heart {
  const stop = new AbortController();
  const startedAt = clock.now();
  let sentAt = startedAt;
  let sent = 0;
  let failed = 0;
  let fault: string | undefined;
  let isHurried = true;
  /** Asked for by whoever takes them, ms. */
  let restMs = 0;
  let nap = new AbortController();
  let ending: Promise<void> | undefined;

  async function beat(ended: boolean, signal: AbortSignal): Promise<void> {
    restMs = 0;
    try {
      sentAt = Math.max(clock.now(), sentAt + 1);
      const times = { started_at: iso(startedAt), sent_at: iso(sentAt), every_s: everyMs / 1_000 };
      const told: Heartbeat = { gateway, ...times, ...counts(), emitter: emitterName, ended };
      await settledOrAborted(send(told, signal), signal);
      sent++;
      fault = undefined;
    } catch (error) {
      if (stop.signal.aborted && !ended) return; // given up for the last one
      failed++;
      fault = error instanceof Error ? error.message : String(error);
      if (error instanceof SendLaterError) restMs = error.afterMs;
    }
  }

  async function beatInTime(): Promise<void> {
    const late = new AbortController();
    const settled = new AbortController();
    void sleepUntil(clock, attemptMsMax, settled.signal).then(() =>
      late.abort(new Error('no answer in time')),
    );
    try {
      await beat(false, AbortSignal.any([stop.signal, late.signal]));
    } finally {
      settled.abort();
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await pause();
      isHurried = false;
      if (!stop.signal.aborted) await beatInTime();
    }
  }

  async function pause(): Promise<void> {
    nap = new AbortController();
    if (restMs > everyMs) return sleepUntil(clock, restMs, stop.signal);
    if (!isHurried) await sleepUntil(clock, everyMs, AbortSignal.any([stop.signal, nap.signal]));
    if (isHurried) await sleepUntil(clock, Math.max(restMs, Math.min(soonMs, everyMs)), stop.signal);
  }

  async function sendLast(withinMs: number): Promise<void> {
    stop.abort(new Error('the emitter was closed'));
    await running;
    if (restMs > everyMs) return;
    const late = new AbortController();
    const deadline = setTimeout(() => late.abort(new Error('no answer in time')), withinMs);
    await beat(true, late.signal);
    clearTimeout(deadline);
  }

  const running = run();
  return {
    get stats() {
      return { sent, failed, ...(fault === undefined ? {} : { fault }) };
    },
    hurry() {
      if (isHurried) return;
      isHurried = true;
      nap.abort();
    },
    end(withinMs) {
      ending ??= sendLast(withinMs);
      return ending;
    },
  };
}

/** Resolves with the promise; rejects when the signal aborts first, also when the promise does not heed it. */
async function settledOrAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
