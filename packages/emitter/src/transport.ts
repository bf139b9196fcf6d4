import type { EmittedEvent } from './event.ts';

/**
 * How events leave the process: over HTTP by default; a Kafka producer or a function of the same process serves as well.
 *
 * The same events may be sent again, with the same `event_id`s. One call runs at a time.
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
}

/** The events were not taken; they may be after `afterMs`. */
export class SendLaterError extends Error {
  override readonly name = 'SendLaterError';
  readonly code = 'emitter.send_later';
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}
