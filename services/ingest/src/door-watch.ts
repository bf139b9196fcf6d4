import { type Clock, type Logger, repeat } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { ingestPartitions } from '@tripkey/store/reading';

export interface DoorWatchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each look that found another. */
  readonly onOther: () => void;
}

/** How often is looked, ms. */
const everyMs = 60_000;

/**
 * Finds out whether another process takes itself for the same HTTP door: it writes progress of the same stream. Of the
 * two, the one whose clock is behind sees the other.
 */
export class DoorWatch {
  readonly #topic: string;
  readonly #partition: number;
  readonly #parts: DoorWatchParts;
  /** When progress was written since the last look, epoch ms. */
  #written: number[] = [];

  constructor(stream: { topic: string; partition: number }, parts: DoorWatchParts) {
    this.#topic = stream.topic;
    this.#partition = stream.partition;
    this.#parts = parts;
  }

  /** This process is about to write progress, under this time, epoch ms. */
  writes(at: number): void {
    this.#written.push(at);
  }

  /** Looks again and again until `stop` aborts. Never throws. */
  async run(stop: AbortSignal): Promise<void> {
    await repeat(everyMs, () => this.look(), this.#parts.clock, stop);
  }

  async look(): Promise<void> {
    const { store, log, onOther } = this.#parts;
    const topic = this.#topic;
    const partition = this.#partition;
    const last = this.#written.at(-1);
    if (last === undefined) return;
    try {
      const partitions = await store.ask(ingestPartitions, {});
      const at =
        partitions.find((one) => one.topic === topic && one.partition === partition)?.reported_at ?? 0;
      if (at <= last || this.#written.includes(at)) return;
      onOther();
      log.error(
        { topic, partition },
        'another process says how far this HTTP door is: give each instance its own http.partition, or the detector judges what is incomplete',
      );
    } catch (error) {
      log.warn({ err: error }, 'whether another process has this HTTP door could not be found out');
    } finally {
      this.#written = this.#written.filter((at) => at >= last);
    }
  }
}
