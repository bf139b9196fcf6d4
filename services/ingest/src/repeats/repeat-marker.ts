import type { RequestRow } from '@tripkey/store';
import { Hash, RecentIds } from './recent-ids.ts';

/** Value of `is_repeat` of a row of which only the store knows; it is replaced before the row is inserted. */
export const askStore = 2;

/** How far a gateway's clock may be ahead, ms. */
const aheadMsMax = 2_000;
/** A gateway that sends an event again has waited for an answer to the first time, at least about so long, ms. */
const retryMsMin = 2_000;

/** Of which times the events of a partition are remembered. */
interface Memory {
  generation: number;
  /** When the first record of the older generation was sent: what was sent before may be forgotten. */
  sinceMs: number;
  /** The same for the newer generation. */
  newerSinceMs: number;
}

/** Where a row came from, as far as repeats go. */
export interface Sent {
  readonly partition: number;
  /** The lower bits of the offset. */
  readonly offset: number;
  /** When the record was written, or taken in where that is not known, epoch ms. */
  readonly atMs: number;
  /** All records of an event come by this partition: they have a key, which decides on the partition. */
  readonly onlyHere: boolean;
}

/** What tells an event from others, as it lies in a message: where its ids begin and end, and its time. */
export interface PlainIdentity {
  readonly eventIdFrom: number;
  readonly eventIdTo: number;
  readonly keyIdFrom: number;
  readonly keyIdTo: number;
  /** Epoch ms. */
  readonly ts: number;
}

/**
 * Marks events that were sent before. An event is the same as another when key, time and id are the same: gateways
 * that send again send the same text. The id alone would not do, as some gateways take it from a header that the
 * client chose: a thief who sends the same id with every request would be counted once.
 *
 * Most events are new, and nearly all of those are known to be new without asking anybody: what came lately is
 * remembered, and an event is at most as old as the record of its first copy. Only events older than the memory are
 * left to the store to decide, by its sort key.
 */
export class RepeatMarker {
  readonly #recent: RecentIds;
  readonly #memories = new Map<number, Memory>();
  /** Used again for every row: nothing else runs while one is marked. */
  readonly #hash = new Hash();

  /** @param idsMax events remembered at least, a power of two; each takes up to 48 bytes. Default about a million. */
  constructor(idsMax = 2 ** 20) {
    this.#recent = new RecentIds(idsMax);
  }

  /**
   * A partition is read from here on. Unless that is its beginning, who read it before, and what, is not known.
   * @param atBeginning nobody has read from it yet
   */
  begin(partition: number, atBeginning: boolean): void {
    this.#memories.delete(partition);
    if (!atBeginning) return;
    const always = { sinceMs: Number.NEGATIVE_INFINITY, newerSinceMs: Number.NEGATIVE_INFINITY };
    this.#memories.set(partition, { generation: this.#recent.generation, ...always });
  }

  /** Sets `is_repeat`: 0, 1, or `askStore`. Rows of a partition come in their order. */
  mark(row: RequestRow, sent: Sent): void {
    this.#hash.reset().text(row.event_id).text(row.key_id);
    row.is_repeat = this.#judge(row.ts, row._idx, sent);
  }

  /** What `mark` would set for the only element of a message, whose ids lie there as ASCII. */
  markOf(message: Uint8Array, event: PlainIdentity, sent: Sent): number {
    this.#hash
      .reset()
      .ascii(message, event.eventIdFrom, event.eventIdTo)
      .ascii(message, event.keyIdFrom, event.keyIdTo);
    return this.#judge(event.ts, 0, sent);
  }

  #judge(ts: number, idx: number, sent: Sent): number {
    const event = this.#hash
      .word(ts >>> 0)
      .word((ts / 2 ** 32) >>> 0)
      .end();
    const memory = this.#memory(sent);
    const seen = this.#recent.note(event, placeOf(sent, idx));
    if (seen === 'other place') return 1;
    if (ts < memory.sinceMs + aheadMsMax) return askStore;
    return sent.atMs - ts > retryMsMin && !sent.onlyHere ? askStore : 0;
  }

  #memory({ partition, atMs }: Sent): Memory {
    const { generation } = this.#recent;
    const memory = this.#memories.get(partition);
    if (!memory) {
      const fresh = { generation, sinceMs: atMs, newerSinceMs: atMs };
      this.#memories.set(partition, fresh);
      return fresh;
    }
    if (memory.generation !== generation) {
      memory.sinceMs = generation - memory.generation === 1 ? memory.newerSinceMs : atMs;
      memory.newerSinceMs = atMs;
      memory.generation = generation;
    }
    return memory;
  }
}

/** 32 bits that tell places of the same event apart. */
function placeOf({ partition, offset }: Sent, idx: number): number {
  return Math.imul(Math.imul(offset ^ (partition << 20), 0x9e3779b1) ^ idx, 0x85ebca6b);
}
