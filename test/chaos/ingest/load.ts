import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEvent } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import type { Sink } from '@tripkey/stream';
import type { SeededRandom } from '../seeded-random.ts';

/** Keys that the events are of. */
const keys = 200;
/** Share of messages that are one event sent a second time, as gateways do after a lost answer. */
const againShare = 0.01;
/** How far back an event that is sent again may lie, in events. */
const rememberedMax = 5_000;
/** How often events are sent, ms. */
const everyMs = 100;
/** Last messages; enough that every partition gets some. */
const markers = 300;

/** A stream of made-up events at a steady rate, in messages of one event, of several, and now and then a broken one. */
export class Load {
  readonly #sink: Sink;
  readonly #random: SeededRandom;
  readonly #perSecond: number;
  readonly #lateShare: number;
  readonly #remembered: RequestEvent[] = [];
  #number = 0;
  /** Sends that failed and were made again: of these a message may be there twice. */
  resent = 0;

  /** @param lateShare share of events that come late, by up to two days, so that one batch touches several parts */
  constructor(sink: Sink, perSecond: number, random: SeededRandom, lateShare: number) {
    this.#sink = sink;
    this.#perSecond = perSecond;
    this.#random = random;
    this.#lateShare = lateShare;
  }

  /**
   * Sends until `stop` aborts, then what marks the end of every partition.
   * @param giveUp ends it at once, also when Kafka does not come back
   */
  async run(stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    while (!stop.aborted) {
      const due = ((performance.now() - startedAt) / 1_000) * this.#perSecond;
      const messages = [];
      // After an outage it catches up in pieces.
      const goal = Math.min(due, this.#number + 2_000);
      while (this.#number < goal) messages.push(this.#message());
      await this.#send(messages, giveUp);
      if (goal === due) await sleep(everyMs);
    }
    await this.#send(
      Array.from({ length: markers }, (_, i) => ({ key: `${i}`, value: JSON.stringify(markerEvent(i)) })),
      giveUp,
    );
  }

  #message(): { key: string | null; value: string } {
    const random = this.#random;
    if (random.next() < 0.001) return { key: null, value: '{"broken' };
    if (this.#remembered.length > 0 && random.next() < againShare) {
      const event = this.#remembered[random.whole(0, this.#remembered.length - 1)]!;
      return { key: event.key_id, value: JSON.stringify(event) };
    }
    const number = random.whole(1, keys);
    const key = `key_${number}`;
    const events = Array.from({ length: random.whole(1, 4) }, () => this.#event(key, `198.51.100.${number}`));
    return { key, value: JSON.stringify(events.length > 1 ? events : events[0]) };
  }

  #event(key: string, clientIp: string): RequestEvent {
    const random = this.#random;
    const remembered = this.#remembered;
    const number = this.#number++;
    const event = anEvent({
      event_id: `event-${number}`,
      key_id: key,
      client_ip: clientIp,
      ts: Date.now() - (random.next() < this.#lateShare ? random.whole(0, 2 * 86_400_000) : 0),
      status: random.weighted({ 200: 8, 403: 1, 500: 1 }) === '200' ? 200 : 403,
      bytes_out: random.whole(100, 9_000),
    });
    if (remembered.length < rememberedMax) remembered.push(event);
    else remembered[number % rememberedMax] = event;
    return event;
  }

  async #send(messages: { key: string | null; value: string }[], giveUp: AbortSignal): Promise<void> {
    for (let sent = messages.length === 0; !sent && !giveUp.aborted; ) {
      try {
        await this.#sink.send(messages);
        sent = true;
      } catch {
        this.resent++;
      }
    }
  }
}

/** Whether an event marks the end; and which mark. */
export function markOf(event: { key_id?: unknown; event_id?: unknown }): string | null {
  return event.key_id === 'end' ? String(event.event_id) : null;
}

/** How many marks there are. */
export const marksCount = markers;

function markerEvent(number: number): RequestEvent {
  return anEvent({ event_id: `end-${number}`, key_id: 'end', ts: Date.now() });
}
