import { randomInt } from 'node:crypto';

/** What `ByteTable.get` says of a text that it does not know. */
export const notKnown = -1;

/** Numbers of a slot: hash of a text, where its bytes begin, their length and 1 (0: an empty slot), its value. */
const slotSize = 4;

/**
 * Remembers a number for each text, by the bytes of the text: to look one up no text has to be made of them. Memory
 * has a bound: when `textsMax` are known it forgets all and begins anew. What is needed for a look-up lies close
 * together, because waiting for memory is most of what it takes.
 */
export class ByteTable {
  readonly #textsMax: number;
  readonly #mask: number;
  readonly #slots: Int32Array;
  #bytes = new Uint8Array(4_096);
  #bytesUsed = 0;
  #texts = 0;

  /** @param textsMax a power of two */
  constructor(textsMax: number) {
    this.#textsMax = textsMax;
    this.#mask = textsMax * 2 - 1;
    this.#slots = new Int32Array(textsMax * 2 * slotSize);
  }

  /** Whether another text would make it forget all others. */
  get isFull(): boolean {
    return this.#texts === this.#textsMax;
  }

  /** The number of the text from one place of `bytes` up to another, or `notKnown`. */
  get(bytes: Uint8Array, from: number, to: number): number {
    const slots = this.#slots;
    const slot = this.#find(bytes, from, to, hashOf(bytes, from, to));
    return slots[slot + 2] === 0 ? notKnown : slots[slot + 3]!;
  }

  /** @param value from 0 */
  set(bytes: Uint8Array, from: number, to: number, value: number): void {
    if (this.isFull) this.clear();
    const hash = hashOf(bytes, from, to);
    const slot = this.#find(bytes, from, to, hash);
    if (this.#slots[slot + 2] === 0) {
      this.#slots.set([hash, this.#bytesUsed, to - from + 1], slot);
      this.#keep(bytes.subarray(from, to));
      this.#texts++;
    }
    this.#slots[slot + 3] = value;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#bytesUsed = 0;
    this.#texts = 0;
  }

  /** Index of the text's slot, or of the empty one where it belongs. At most half of the slots are taken. */
  #find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    const kept = this.#bytes;
    for (let slot = (hash & this.#mask) * slotSize; ; slot = (slot + slotSize) & (slots.length - 1)) {
      const length = slots[slot + 2]!;
      if (length === 0) return slot;
      if (length !== to - from + 1 || slots[slot] !== hash) continue;
      let at = slots[slot + 1]!;
      let i = from;
      while (i < to && kept[at] === bytes[i]) {
        i++;
        at++;
      }
      if (i === to) return slot;
    }
  }

  #keep(text: Uint8Array): void {
    const end = this.#bytesUsed + text.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, end));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(text, this.#bytesUsed);
    this.#bytesUsed = end;
  }
}

/** Another one in each process: who chooses texts must not choose where they go. */
const seed = randomInt(2 ** 32);

/** 32 bits, well spread in the lower ones (FNV-1a, finished as MurmurHash3 is). */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = seed | 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
