import type { EmittedEvent } from './event.ts';
import type { Heartbeat } from './heartbeat.ts';

/**
 * How events leave the process: over HTTP by default; a Kafka producer or a function of the same process serves as well.
 *
 * The same events may be sent again, with the same `event_id`s. One call of each method runs at a time.
 */
export interface Transport {
  /**
   * Resolves when the events are safely with somebody else, or refused for good: `refused` says how many of them
   * will never be taken.
   * @param signal aborts when the emitter gives up
   * @throws {SendLaterError} to say when it is worth another attempt; everything else is tried again as well
   */
  send(
    events: readonly EmittedEvent[],
    signal: AbortSignal,
  ): Promise<{ readonly refused: number } | undefined>;
  /**
   * Resolves when the heartbeat is safely with somebody else. One that fails is not sent again: the next says what it said.
   * A transport without this method sends none.
   * @param signal aborts when the emitter waits no longer
   * @throws {SendLaterError} to say how long to rest
   */
  heartbeat?(beat: Heartbeat, signal: AbortSignal): Promise<void>;
}

/** What was sent was not taken; it may be after `afterMs`. */
export class SendLaterError extends Error {
  override readonly name = 'SendLaterError';
  readonly code = 'emitter.send_later';
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}
