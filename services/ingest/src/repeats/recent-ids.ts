/** What is known of an event: nothing, that this very record gave it, or that another one did. */
export type Seen = 'new' | 'same place' | 'other place';

/** Words of a slot: two of the event's hash, one of its place's. */
const words = 3;

/**
 * Remembers which events were taken lately, and where they stood. Memory has a bound: of 12 bytes an event twice as
 * many as `idsMax` are kept in two generations, and when the newer one is full the older one goes.
 *
 * Events are told apart by 64 bits of hash: of a million remembered ones and a thousand million asked for, one is
 * mistaken for another with a chance of 1 in 18,000.
 */
export class RecentIds {
  readonly #idsMax: number;
  readonly #mask: number;
  #current: Uint32Array;
  #previous: Uint32Array;
  #count = 0;
  #generation = 0;

  /** @param idsMax events of one generation; a power of two */
  constructor(idsMax: number) {
    this.#idsMax = idsMax;
    const slots = idsMax * 2;
    this.#mask = slots - 1;
    this.#current = new Uint32Array(slots * words);
    this.#previous = new Uint32Array(slots * words);
  }

  /** Grows by one whenever the older half is forgotten. */
  get generation(): number {
    return this.#generation;
  }

  /** Looks an event up and remembers it when it is new. */
  note(event: Hash, place: number): Seen {
    // Zero marks an empty slot.
    const where = place | 1;
    let at = this.#find(this.#current, event);
    if (this.#current[at + 2] !== 0)
      return this.#current[at + 2] === where >>> 0 ? 'same place' : 'other place';
    const before = this.#previous[this.#find(this.#previous, event) + 2]!;
    if (before !== 0) return before === where >>> 0 ? 'same place' : 'other place';
    if (this.#count === this.#idsMax) {
      this.#turn();
      at = this.#find(this.#current, event);
    }
    this.#current[at] = event.high;
    this.#current[at + 1] = event.low;
    this.#current[at + 2] = where;
    this.#count++;
    return 'new';
  }

  /** Index of the event's slot, or of the empty one where it belongs. Half of the slots stay empty. */
  #find(slots: Uint32Array, { high, low }: Hash): number {
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * words;
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
    }
  }

  #turn(): void {
    const oldest = this.#previous;
    this.#previous = this.#current;
    this.#current = oldest.fill(0);
    this.#count = 0;
    this.#generation++;
  }
}

/** 64 bits of texts and numbers, fed in pieces. Not for secrets: whoever wants can find two with the same hash. */
export class Hash {
  high = 0;
  low = 0;

  reset(): this {
    this.high = 0x811c9dc5;
    this.low = 0x2f0b4a27;
    return this;
  }

  /** Adds a text; where it ends counts, so that `ab`, `c` is another than `a`, `bc`. */
  text(text: string): this {
    let { high, low } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 0x9e3779b1);
      low = Math.imul(low + code, 0x85ebca6b) ^ (high >>> 15);
    }
    this.high = high;
    this.low = low;
    return this.word(text.length);
  }

  /** Adds a text of ASCII that lies in a message, as `text` adds it. */
  ascii(bytes: Uint8Array, from: number, to: number): this {
    let { high, low } = this;
    for (let i = from; i < to; i++) {
      const code = bytes[i]!;
      high = Math.imul(high ^ code, 0x9e3779b1);
      low = Math.imul(low + code, 0x85ebca6b) ^ (high >>> 15);
    }
    this.high = high;
    this.low = low;
    return this.word(to - from);
  }

  /** Adds 32 bits. */
  word(word: number): this {
    this.high = Math.imul(this.high ^ word, 0x9e3779b1);
    this.low = Math.imul(this.low + word, 0x85ebca6b) ^ (this.high >>> 15);
    return this;
  }

  /** Spreads what was added over all bits; to be called once, at the end. */
  end(): this {
    let { high, low } = this;
    high = Math.imul(high ^ (high >>> 16), 0xc2b2ae35) ^ Math.imul(low ^ (low >>> 13), 0x27d4eb2f);
    low = Math.imul(low ^ (low >>> 16), 0x165667b1) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    this.high = (high ^ (high >>> 16)) >>> 0;
    this.low = (low ^ (low >>> 15)) >>> 0;
    return this;
  }
}
